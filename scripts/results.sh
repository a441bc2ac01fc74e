# Adds up what the test programs wrote (xUnit's XML, version 2 and later); sourced by ./test.
# shellcheck shell=bash

passed=0 failed=0 skipped=0
failures=() skips=() codes=()

# One tag a record: the file is a single line. Prints "F<tab>name<tab>message" and "S<tab>name<tab>reason", one line a test.
results_list() {
    awk '
        BEGIN { RS = "<" }
        function attribute(name,    at, rest) {
            at = index($0, " " name "=\"")
            if (at == 0) return ""
            rest = substr($0, at + length(name) + 3)
            return plain(substr(rest, 1, index(rest, "\"") - 1))
        }
        function plain(text) {
            gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text)
            gsub(/&#x[0-9A-Fa-f]+;/, " ", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        function finish() {
            if (kind != "") { gsub(/[\t\r\n]+/, " ", text); print kind "\t" name "\t" text }
            kind = ""; text = ""
        }
        /^test /    { finish(); name = attribute("name"); result = attribute("result"); kind = result == "Fail" ? "F" : result == "Skip" ? "S" : ""; next }
        /^error /   { finish(); name = attribute("name"); if (name == "") name = attribute("type"); kind = "F"; next }
        /^message/ || /^reason/ { open = 1; next }
        /^\/message/ || /^\/reason/ { open = 0; next }
        open && /^!\[CDATA\[/ { cdata = 1; piece = substr($0, 9) }
        open && !/^!\[CDATA\[/ && cdata { piece = "<" $0 }
        open && cdata {
            at = index(piece, "]]>")
            if (at > 0) { piece = substr(piece, 1, at - 1); cdata = 0 }
            if (kind != "" && length(text) < 2000) text = text piece
        }
        END { finish() }
    ' "$1"
}

results_count() { sed -n 's/.*<assembly [^>]*[[:space:]]'"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -n 1; }

# results_code PROJECT CODE: the program said that not all is well.
results_code() { codes+=("$1 $2"); }

# results_read PROJECT FILE: adds one program's results.
results_read() {
    local project=$1 file=$2 kind name text failures_before=$failed
    if [[ ! -s $file ]]; then
        failed=$((failed + 1))
        failures+=("$project"$'\n'"    It ended without results.")
        return
    fi
    passed=$((passed + $(results_count "$file" passed)))
    failed=$((failed + $(results_count "$file" failed) + $(results_count "$file" errors)))
    skipped=$((skipped + $(results_count "$file" skipped)))
    while IFS=$'\t' read -r kind name text; do
        if [[ $kind == F ]]; then
            failures+=("$name"$'\n'"    $text")
        else
            skips+=("$text"$'\t'"$name")
        fi
    done < <(results_list "$file")
    # A program that fails without a failed test has broken down.
    if [[ $failed -eq $failures_before && $(results_count "$file" total) -gt 0 && " ${codes[*]:-} " == *" $project "* ]]; then
        failed=$((failed + 1))
        failures+=("$project"$'\n'"    It ended with an error although no test failed.")
    fi
}

# results_fault NAME TEXT: a check that is no test program failed.
results_fault() {
    failed=$((failed + 1))
    failures+=("$1"$'\n'"$2")
}

# results_tell: the lists, then the line that closes the run. Returns 1 when something failed or nothing ran.
results_tell() {
    local entry
    if [[ ${#skips[@]} -gt 0 ]]; then
        printf "\nSkipped:\n"
        printf '%s\n' "${skips[@]}" | sort | awk -F '\t' '{ if ($1 != last) print "  " $1; last = $1; print "    " $2 }'
    fi
    if [[ ${#failures[@]} -gt 0 ]]; then
        printf "\nFailed:\n"
        for entry in "${failures[@]}"; do
            say "  $entry"
        done
    fi
    say ""
    if [[ $skipped -gt 0 ]]; then
        say "$passed passed, $failed failed, $skipped skipped"
    else
        say "$passed passed, $failed failed"
    fi
    [[ $failed -eq 0 && $passed -gt 0 ]]
}
