package dev.guildcast.fanout.publisher;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses the publishers' rules: a JSON object of publishers by name.
///
/// What is misspelt is refused, since a rule that is not read would permit what it should not.
public final class PublisherFile {
    /// Of rules that name none: plenty for a backend, and a node keeps its latency with a few of them.
    static final long EVENTS_PER_SECOND = 5_000;
    static final long BYTES_PER_SECOND = 16L << 20;
    /// A quarter of the default of `ingress.in-flight-max`.
    static final int IN_FLIGHT = 1_024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final Set<String> KEYS =
            Set.of("tokens", "guilds", "users", "events", "events_per_second", "bytes_per_second", "in_flight");

    private PublisherFile() {}

    /// @param json the file's content
    /// @return rules by publisher
    /// @throws IllegalArgumentException if it is invalid; the message names the publisher and the key, and no token
    public static Map<String, PublisherRules> parse(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            var location = e.getLocation();
            throw new IllegalArgumentException(
                    "is no JSON, or names a key twice" + (location == null ? "" : ", at line " + location.getLineNr()));
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("is no JSON object (expected: publishers by name)");
        }
        var publishers = new LinkedHashMap<String, PublisherRules>();
        root.properties().forEach(each -> {
            try {
                publishers.put(each.getKey(), rules(each.getValue()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("publisher " + each.getKey() + ": " + e.getMessage(), e);
            }
        });
        return publishers;
    }

    /// The rules of a publisher that may publish everything, as much as it can; its share of what may wait is limited.
    ///
    /// @param tokens `sha256:` and the digest of its token, or two of them with a comma between
    public static PublisherRules unrestricted(String tokens) {
        var digests = new LinkedHashSet<String>();
        for (var token : tokens.split(",", -1)) {
            digests.add(digest(token.strip()));
        }
        var all = new IdRange.All();
        return new PublisherRules(digests, all, all, Set.of(), Long.MAX_VALUE, Long.MAX_VALUE, IN_FLIGHT);
    }

    private static PublisherRules rules(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("is no object");
        }
        for (var key : node.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(key + " is not known (expected: "
                        + KEYS.stream().sorted().toList() + ")");
            }
        }
        var tokens = new LinkedHashSet<String>();
        for (var token : array("tokens", node.get("tokens"))) {
            tokens.add(digest(token.asString("")));
        }
        var types = new HashSet<String>();
        if (node.has("events")) {
            for (var type : array("events", node.get("events"))) {
                types.add(type.asString("").toUpperCase(Locale.ROOT));
            }
            if (types.isEmpty()) {
                throw new IllegalArgumentException("events is empty (expected: types, or no such key for all)");
            }
        }
        return new PublisherRules(
                tokens,
                range("guilds", node.get("guilds")),
                range("users", node.get("users")),
                types,
                number("events_per_second", node, EVENTS_PER_SECOND),
                number("bytes_per_second", node, BYTES_PER_SECOND),
                Math.toIntExact(Math.min(Integer.MAX_VALUE, number("in_flight", node, IN_FLIGHT))));
    }

    private static String digest(String token) {
        var matcher = DIGEST.matcher(token);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a token is no digest (expected: sha256: and 64 hex digits, from"
                    + " `printf %s TOKEN | sha256sum`)");
        }
        return matcher.group(1);
    }

    private static Iterable<JsonNode> array(String key, @Nullable JsonNode node) {
        if (node == null || !node.isArray()) {
            throw new IllegalArgumentException(key + " is no array");
        }
        return node;
    }

    /// Absent: all. An empty list: none.
    private static IdRange range(String key, @Nullable JsonNode node) {
        if (node == null) {
            return new IdRange.All();
        }
        if (node.isObject()) {
            if (node.size() != 2
                    || !node.path("from").isInt()
                    || !node.path("to").isInt()) {
                throw new IllegalArgumentException(key + " (expected: {\"from\": 0, \"to\": 1023}, or a list of ids)");
            }
            try {
                return new IdRange.Hashed(
                        node.path("from").asInt(), node.path("to").asInt());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + " " + e.getMessage(), e);
            }
        }
        var ids = new HashSet<Long>();
        for (var id : array(key, node)) {
            try {
                ids.add(Long.parseUnsignedLong(id.asString("")));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " has " + id + " (expected: ids as strings)", e);
            }
        }
        return new IdRange.Listed(ids);
    }

    private static long number(String key, JsonNode node, long otherwise) {
        var value = node.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(key + " is no whole number");
        }
        return value.asLong();
    }
}
