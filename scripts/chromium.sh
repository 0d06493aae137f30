# Shared by ./test (read with `.`): a Chromium for the browser tests.
# shellcheck shell=sh

# Installs Debian's Chromium when there is none and we may; otherwise the browser tests say why they are skipped.
prepare_chromium() {
    ls tests/browser/test_*.py >/dev/null 2>&1 || return 0
    [ ! -x "${CHROMIUM_PATH:-/usr/bin/chromium}" ] || return 0
    [ -z "${CHROMIUM_PATH-}" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "Installing Chromium for the browser tests ..."
    said=$(
        exec 2>&1
        apt-get -qq update &&
            DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-liberation
    ) || printf '%s\n' "$said" "Chromium could not be installed." >&2
}
