# Shared by ./run and ./test (read with `.`, never run): a private .venv that holds exactly the locked packages.
# POSIX sh, and nothing but python3 with its venv module: a bare Debian has no make, curl, git or pip.
# shellcheck shell=sh

give_up() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Sets `python` to the first Python that is new enough.
find_python() {
    found=
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        found=${found:-$candidate}
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    [ -n "$found" ] || give_up "There is no Python here. On Debian or Ubuntu:" "    ${as_root}apt-get install python3 python3-venv"
    give_up "This needs Python 3.11 or newer; '$found' is $("$found" -c 'import platform; print(platform.python_version())')." \
        "Install a newer one, or name it: PYTHON=/path/to/python3.11 $0"
}

# Gives a checksum of what decides whether .venv still fits: lock files, its Python, and the place (a venv cannot move).
fingerprint() {
    { cat "$@"; .venv/bin/python -c 'import sys; print(sys.version_info[:2])' 2>&1 || :; pwd -P; } | cksum
}

new_venv() {
    # Making it anew would follow the link and empty an environment that belongs to another folder.
    [ ! -L .venv ] || give_up ".venv is a link to $(readlink .venv), which belongs to another folder and is left alone." \
        "Remove the link to get an environment of your own, or call .venv/bin/python yourself."
    find_python
    "$python" -c 'import ensurepip, venv' 2>/dev/null || give_up \
        "Python's venv module is missing here. On Debian or Ubuntu:" "    ${as_root}apt-get install python3-venv"
    echo "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
}

# Installs one lock file; every package is checked against its hash. uv does in seconds what takes pip a minute.
install_lock() {
    if command -v uv >/dev/null 2>&1; then
        echo "Installing $1 with uv ..."
        uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1" && return
        echo "uv could not; trying pip."  # it reads other settings than pip (mirror, proxy, certificates)
    fi
    echo "Installing $1 with pip (about a minute) ..."
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$1" ||
        give_up "" "The packages of $1 could not be installed; pip says why above."
}

# fits STAMP LOCK...: is what STAMP says still so?
fits() {
    stamp=.venv/$1.stamp
    shift
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint "$@")" ]
}

make_runtime() {
    new_venv
    install_lock requirements.txt
    fingerprint requirements.txt >.venv/runtime.stamp
}

# prepare runtime | prepare development
# A stamp is written only after a whole install, so one that was cut short starts afresh.
prepare() {
    as_root="sudo "
    [ "$(id -u)" -ne 0 ] || as_root=
    fits runtime requirements.txt || make_runtime
    [ "$1" = development ] || return 0
    fits development requirements.txt requirements-dev.txt && return
    [ ! -e .venv/development.stamp ] || make_runtime  # a package that left the lock must not linger
    install_lock requirements-dev.txt
    fingerprint requirements.txt requirements-dev.txt >.venv/development.stamp
}
