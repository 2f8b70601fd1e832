package dev.guildcast.system.vectors;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The pattern by which an example describes a frame: every key of the pattern is present and equal, others may be
/// present; an array is exact unless its last element is `"…"`; `"$str"`, `"$int"`, `"$any"` match a type, `"$str:x"`
/// captures the value, `"<x>"` matches a captured one, and `"$absent"` matches a missing key.
final class FramePattern {
    static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, JsonNode> captured = new HashMap<>();

    String captured(String name) {
        return captured.getOrDefault(name, JSON.missingNode()).asString("");
    }

    void capture(String name, JsonNode value) {
        captured.put(name, value);
    }

    /// @return where the frame differs; empty if it does not
    Optional<String> difference(String pattern, JsonNode frame) {
        return difference(JSON.readTree(pattern), frame, "");
    }

    private Optional<String> difference(JsonNode pattern, JsonNode value, String path) {
        if (pattern.isObject()) {
            if (!value.isObject()) {
                return Optional.of(path + " is not an object");
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
            return Optional.of(path + " is not an array of " + shown + (open ? " or more" : ""));
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
            return captured(pattern.substring(1, pattern.length() - 1)).equals(value.asString(""));
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
            capture(parts[1], value);
        }
        return fits;
    }
}
