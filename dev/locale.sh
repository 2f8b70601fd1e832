# Sourced by ./guildcast and ./mvnw. A JVM opens only files whose names its locale can encode: under LC_ALL=C none with a
# letter other than ASCII. utf8_locale sets LC_ALL so that it can, and $utf8 to the locale used, empty if there is none.
# shellcheck shell=sh
utf8_locale() {
    utf8=
    case "$(locale charmap 2>/dev/null)" in
        UTF-8 | utf8 | UTF8) utf8=${LC_ALL:-${LC_CTYPE:-${LANG:-C.UTF-8}}}; return 0 ;;
    esac
    for candidate in C.UTF-8 C.utf8 en_US.UTF-8; do
        if [ "$(LC_ALL=$candidate locale charmap 2>/dev/null)" = UTF-8 ]; then
            utf8=$candidate
            LC_ALL=$candidate
            export LC_ALL
            return 0
        fi
    done
}
