# What the guide to a fleet asks a database: FLEET is the guide, of which the blocks that write SQL are run.

load setup

# The guide's files levels.sql, slower.sql and rows.sql.
write_sql() {
    sed -n "/^cat >[a-z]*\.sql <<'END'$/,/^END$/p" "$FLEET" | bash -eu
}

# kept: HOST KERNEL RUN FACTOR adds a run of six rounds there, whose creations took FACTOR times as long
keep() {
    [ -e first.json ] || "$THREADBENCH" run -q --rounds 6 --samples 50 --format json \
        -f '^(create/cpu:(same|free)/posix|absent/posix)$' "$fake" >first.json
    jq --arg host "$1" --arg kernel "$2" --arg run "$3" --argjson factor "$4" '
        .context.host_name = $host
        | .context.threadbench.host |= (.name = $host | .kernel.release = $kernel)
        | .context.threadbench.run_id = "000000000000000" + $run
        | .benchmarks |= map(if .p10 and (.name | test("^create/cpu:same/(posix|clone)")) then .p10 *= $factor else . end)' \
        first.json >"$3.json"
    "$THREADBENCH" archive add kept "$3.json" >/dev/null
}

# SQLite's answer, a line for each row. Every column is text, as sqlite3's .import makes it.
asked() {
    "$THREADBENCH" archive export kept 2>/dev/null >rows.csv
    /usr/bin/python3 - "$@" <<'END'
import csv, sqlite3, sys
head, *rows = csv.reader(open("rows.csv", newline=""), strict=True)
database = sqlite3.connect(":memory:")
columns = ", ".join(f'"{name}" text' for name in head)
database.execute(f"create table rows ({columns})")
database.executemany(f"insert into rows values ({', '.join('?' * len(head))})", rows)
database.executescript(open("levels.sql").read())
for row in database.execute(open(sys.argv[1]).read() if sys.argv[1].endswith(".sql") else sys.argv[1]):
    print(*row, sep="|")
END
}

@test "the kernel that is slower on every host that ran both is found, with by how much" {
    write_sql
    keep alpha 5.1 1 1; keep alpha 5.1 2 1
    keep beta 5.1 3 1; keep beta 6.2 4 1.25
    keep gamma 5.1 5 1; keep gamma 6.2 6 1.5
    [ "$(asked slower.sql)" = "create/cpu:same/clone|6.2|5.1|2|25.0|50.0
create/cpu:same/posix|6.2|5.1|2|25.0|50.0" ]
    [ "$(asked 'select host, kernel, processes, ns from levels where "case" = '\''create/cpu:same/posix'\'' order by 1, 2')" = \
        "alpha|5.1|12|6000.0
beta|5.1|6|6000.0
beta|6.2|6|7500.0
gamma|5.1|6|6000.0
gamma|6.2|6|9000.0" ]
}

@test "a kernel that is slower on one host of two is not found, nor one that no host ran beside another" {
    write_sql
    keep alpha 5.1 1 1; keep alpha 6.2 2 1.25
    keep beta 5.1 3 1; keep beta 6.2 4 1
    keep gamma 7.3 5 2
    [ -z "$(asked slower.sql)" ]
}

@test "the median is the middle one, or halfway between two" {
    write_sql
    keep alpha 5.1 1 1; keep alpha 5.1 2 1.5
    [ "$(asked 'select ns from levels where "case" = '\''create/cpu:same/posix'\')" = 7500.0 ]
    keep alpha 5.1 3 1.5
    [ "$(asked 'select ns from levels where "case" = '\''create/cpu:same/posix'\')" = 9000.0 ]
}

@test "the table for PostgreSQL has the columns of the rows" {
    write_sql
    keep alpha 5.1 1 1
    asked 'select 1' >/dev/null
    grep -o '[a-z_"]* \(text\|boolean\|timestamptz\|integer\|double\|bigint\|jsonb\)\b' rows.sql | cut -d ' ' -f 1 |
        tr -d '"(' | paste -sd , | cmp - <(head -n 1 rows.csv | tr -d '\r')
}
