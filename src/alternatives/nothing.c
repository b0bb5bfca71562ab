/* The program that processes execute. */
int main(void)
{
    return 0;
}
