"""The suite inside this interpreter, as the harness has it there.

usage: PYTHON -I -S hosted.py threadbench-python.so [flags of Google Benchmark]
"""
import ctypes
import sys

words = [word.encode() for word in sys.argv[1:]]
if not words:
    sys.exit(__doc__)
sys.exit(ctypes.PyDLL(sys.argv[1]).threadbench_main(
    len(words), (ctypes.c_char_p * (len(words) + 1))(*words)))
