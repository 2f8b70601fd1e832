package dev.guildcast.presence;

import dev.guildcast.contract.ShardHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One sanitized activity. Some client libraries send fields that make other libraries drop whole guilds when echoed.
///
/// Two activities look the same when their cores are equal: `created_at` and `id` alone are not a visible change.
///
/// @param core JSON object of name, type and, where given, url and state
/// @param createdAt Unix milliseconds
/// @param id 16 hex digits
public record Activity(String core, long createdAt, String id) {
    /// Activities of one session; further ones are dropped, because every one is sent to every guild of the user.
    public static final int PER_SESSION_MAX = 16;

    /// Characters of name and state, as Discord limits them; longer text is truncated.
    private static final int TEXT_MAX = 128;
    /// Characters of a stream URL; longer than any real one, and a bound on what a client makes others receive.
    private static final int URL_MAX = 512;
    /// Highest activity type that clients know; a higher one becomes 0, "playing".
    private static final int TYPE_MAX = 6;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Sanitizes what a client sent: an activity without a name is dropped; only name, type, url and state are kept.
    ///
    /// @param raw JSON text of each activity
    /// @param seed of the generated ids: the same seed gives the same ids, so that a repeated state looks the same
    public static List<Activity> sanitize(Iterable<String> raw, long createdAt, long seed) {
        var sanitized = new ArrayList<Activity>();
        for (String text : raw) {
            if (sanitized.size() == PER_SESSION_MAX) {
                break;
            }
            String id = String.format(Locale.ROOT, "%016x", ShardHash.mix64(seed + sanitized.size()));
            core(parse(text)).ifPresent(core -> sanitized.add(new Activity(core, createdAt, id)));
        }
        return List.copyOf(sanitized);
    }

    /// Parses what [#toJson] wrote; empty if it is anything else.
    public static Optional<Activity> fromJson(String json) {
        JsonNode node = parse(json);
        return core(node)
                .map(core -> new Activity(
                        core, node.path("created_at").asLong(0), node.path("id").asString("")));
    }

    /// The activity object as clients receive it.
    public String toJson() {
        return core.substring(0, core.length() - 1) + ",\"created_at\":" + createdAt + ",\"id\":\"" + id + "\"}";
    }

    private static Optional<String> core(JsonNode activity) {
        String name = text(activity, "name", TEXT_MAX);
        if (name == null) {
            return Optional.empty();
        }
        JsonNode type = activity.path("type");
        boolean known = type.isIntegralNumber() && type.canConvertToInt() && type.intValue() >= 0;
        ObjectNode core = JSON.createObjectNode();
        core.put("name", name);
        core.put("type", known && type.intValue() <= TYPE_MAX ? type.intValue() : 0);
        String url = text(activity, "url", URL_MAX);
        if (url != null) {
            core.put("url", url);
        }
        String state = text(activity, "state", TEXT_MAX);
        if (state != null) {
            core.put("state", state);
        }
        return Optional.of(JSON.writeValueAsString(core));
    }

    private static @Nullable String text(JsonNode node, String field, int lengthMax) {
        JsonNode value = node.path(field);
        if (!value.isString() || value.stringValue().isBlank()) {
            return null;
        }
        String text = value.stringValue();
        if (text.length() <= lengthMax) {
            return text;
        }
        // Half a surrogate pair is not valid text.
        boolean splitsPair = Character.isHighSurrogate(text.charAt(lengthMax - 1));
        return text.substring(0, splitsPair ? lengthMax - 1 : lengthMax);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }
}
