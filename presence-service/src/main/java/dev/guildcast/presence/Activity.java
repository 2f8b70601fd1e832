package dev.guildcast.presence;

import dev.guildcast.contract.ShardHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One activity, cleaned: libraries send fields that make others drop whole guilds when they are echoed.
///
/// Two activities are the same when their cores are: the stamp alone is no news to anyone.
///
/// @param core JSON object of name, type and, where given, url and state
/// @param createdAt Unix milliseconds
/// @param id 16 hex digits
public record Activity(String core, long createdAt, String id) {
    /// Activities of one session beyond this many are left out.
    public static final int PER_SESSION_MAX = 16;

    private static final int TEXT_MAX = 128;
    private static final int URL_MAX = 512;
    private static final int TYPE_MAX = 6;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Cleans what a client sent: without a name it is dropped, and only name, type, url and state are kept.
    ///
    /// @param raw JSON text of each
    /// @param seed tells the activities of different states apart; the same state gets the same ids
    public static List<Activity> clean(Iterable<String> raw, long createdAt, long seed) {
        var cleaned = new ArrayList<Activity>();
        for (String text : raw) {
            if (cleaned.size() == PER_SESSION_MAX) {
                break;
            }
            String id = "%016x".formatted(ShardHash.mix64(seed + cleaned.size()));
            core(parse(text)).ifPresent(core -> cleaned.add(new Activity(core, createdAt, id)));
        }
        return List.copyOf(cleaned);
    }

    /// Reads back what [#json] wrote; empty when it is something else.
    public static Optional<Activity> stamped(String json) {
        JsonNode node = parse(json);
        return core(node)
                .map(core -> new Activity(
                        core, node.path("created_at").asLong(0), node.path("id").asString("")));
    }

    /// As clients are shown it.
    public String json() {
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
        // Half a surrogate pair is no text.
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
