# shellcheck shell=bash
# Free ports of this machine, chosen once and remembered.

# ports_open PORT: somebody listens there.
ports_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# ports_free FIRST COUNT: nobody listens on any of them.
ports_free() {
    local port
    for ((port = $1; port < $1 + $2; port++)); do
        if ports_open "$port"; then return 1; fi
    done
}

# ports_settle FILE COUNT: the first of that many neighbouring ports, the remembered ones while they are free.
# To be called only when what uses them is not running.
ports_settle() {
    local file=$1 count=$2 first try
    if [ -s "$file" ]; then
        first=$(cat "$file")
        if ports_free "$first" "$count"; then return; fi
        note "another process has taken a port from $first to $((first + count - 1)) since the last run; choosing others."
    fi
    for ((try = 0; try < 50; try++)); do
        # Below 32768, where Linux begins to hand out ports to outgoing connections.
        first=$((20000 + RANDOM % 12000))
        if ports_free "$first" "$count"; then
            echo "$first" >"$file"
            return
        fi
    done
    fail "no $count neighbouring free ports were found between 20000 and 32000: end the processes that listen there (\`ss -ltn\` lists the ports)."
}
