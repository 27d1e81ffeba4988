# What both scripts need: a virtual environment of the project's own, and Debian packages that are missing.
# Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${LEARNLOOP_VENV:-$root/.venv}

# Installs Debian packages where apt can; says what to do where it cannot.
need_packages() {
    local runner=()
    [ "$(id -u)" = 0 ] || runner=(sudo -n)
    if ! command -v apt-get >/dev/null || ! "${runner[@]}" true 2>/dev/null; then
        echo "please install: $*" >&2
        return 1
    fi
    "${runner[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${runner[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# make_venv EXTRAS: the environment with the project in it; installed again only if its description changed.
make_venv() {
    local extras=$1 stamp
    if ! [ -x "$venv/bin/python" ]; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
            echo "learnloop needs Python 3.11 or newer; this is $(python3 --version)" >&2
            return 1
        }
        python3 -m venv "$venv" 2>/dev/null || { need_packages python3-venv && python3 -m venv "$venv"; }
    fi
    stamp="$extras $(cksum <"$root/pyproject.toml")"
    if [ "$(cat "$venv/installed" 2>/dev/null)" != "$stamp" ]; then
        echo "setting up $venv (the C compiler that comes with it is large; this takes a minute)" >&2
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$root$extras"
        echo "$stamp" >"$venv/installed"
    fi
}

page_tools=$root/tests/browser

# What checks the page: the compiler of types and axe-core, in a folder that git ignores; again only if the versions changed.
get_page_tools() {
    local stamp
    stamp=$(cksum <"$page_tools/package.json")
    [ "$(cat "$page_tools/node_modules/installed" 2>/dev/null)" != "$stamp" ] || return 0
    command -v npm >/dev/null || { echo "please install: npm" >&2; return 1; }
    echo "fetching what checks the page" >&2
    npm install --prefix "$page_tools" --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error >/dev/null || return 1
    echo "$stamp" >"$page_tools/node_modules/installed"
}

# Types of the page's modules; where the compiler is missing CI fails, and others go on.
check_page_types() {
    local compiler=$page_tools/node_modules/typescript/bin/tsc
    if [ -e "$compiler" ] && command -v node >/dev/null; then
        node "$compiler" --noEmit --project "$root/src/learnloop/web/js"
    else
        echo "skipped: the compiler of types is missing"
        [ -z "${CI:-}" ]
    fi
}
