# Shared by ./test (read with `.`): a Chromium for the browser tests, and what drives it.
# shellcheck shell=sh

# Installs Debian's Chromium when there is none and we may; otherwise the browser tests say why they are skipped.
prepare_chromium() {
    ls tests/browser/test_*.py >/dev/null 2>&1 || return 0
    missing=
    [ -n "${CHROMIUM_PATH-}" ] || [ -x /usr/bin/chromium ] || missing="chromium fonts-liberation"
    # Playwright brings a Node.js of its own, which needs a library that a bare Debian lacks.
    .venv/bin/python -m playwright --version >/dev/null 2>&1 || missing="$missing libatomic1"
    [ -n "$missing" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "Installing $missing for the browser tests ..."
    # shellcheck disable=SC2086 - a list of packages
    said=$(
        exec 2>&1
        apt-get -qq update &&
            DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing
    ) || printf '%s\n' "$said" "They could not be installed." >&2
}
