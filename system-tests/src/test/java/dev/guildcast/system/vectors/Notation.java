package dev.guildcast.system.vectors;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How an example describes a frame: every key shown is there and equal, others may be; an array is exact unless its
/// last element is `"…"`; `"$str"`, `"$int"`, `"$any"` stand for a type, `"$str:x"` keeps the value, `"<x>"` uses it,
/// and `"$absent"` stands for a key that is not there.
final class Notation {
    static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, JsonNode> kept = new HashMap<>();

    String kept(String name) {
        return kept.getOrDefault(name, JSON.missingNode()).asString("");
    }

    void keep(String name, JsonNode value) {
        kept.put(name, value);
    }

    /// @return where the frame differs; empty if it does not
    Optional<String> difference(String pattern, JsonNode frame) {
        return difference(JSON.readTree(pattern), frame, "");
    }

    private Optional<String> difference(JsonNode pattern, JsonNode value, String path) {
        if (pattern.isObject()) {
            if (!value.isObject()) {
                return Optional.of(path + " is no object");
            }
            return pattern.properties().stream()
                    .flatMap(entry ->
                            difference(entry.getValue(), value.path(entry.getKey()), path + "." + entry.getKey())
                                    .stream())
                    .findFirst();
        }
        if (pattern.isArray()) {
            return array(pattern, value, path);
        }
        boolean same = pattern.isString() ? text(pattern.stringValue(), value) : pattern.equals(value);
        return same ? Optional.empty() : Optional.of(path + " is not " + pattern);
    }

    private Optional<String> array(JsonNode pattern, JsonNode value, String path) {
        int size = pattern.size();
        boolean open = size > 0 && pattern.get(size - 1).asString("").equals("…");
        int shown = open ? size - 1 : size;
        if (!value.isArray() || value.size() < shown || (!open && value.size() > shown)) {
            return Optional.of(path + " is no array of " + shown + (open ? " or more" : ""));
        }
        for (int i = 0; i < shown; i++) {
            var difference = difference(pattern.get(i), value.get(i), path + "[" + i + "]");
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private boolean text(String pattern, JsonNode value) {
        if (pattern.startsWith("<")) {
            return kept(pattern.substring(1, pattern.length() - 1)).equals(value.asString(""));
        }
        if (!pattern.startsWith("$")) {
            return value.isString() && value.stringValue().equals(pattern);
        }
        String[] parts = pattern.substring(1).split(":", 2);
        boolean fits = switch (parts[0]) {
            case "str" -> value.isString();
            case "int" -> value.isIntegralNumber();
            case "any" -> !value.isMissingNode();
            case "absent" -> value.isMissingNode();
            default -> throw new IllegalArgumentException(pattern);
        };
        if (fits && parts.length == 2) {
            keep(parts[1], value);
        }
        return fits;
    }
}
