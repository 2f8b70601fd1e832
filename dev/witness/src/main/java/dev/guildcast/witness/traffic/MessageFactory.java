package dev.guildcast.witness.traffic;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Creates message objects, complete enough for any library, with random content.
final class MessageFactory {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> VOCABULARY = List.of(
            "river", "lantern", "pebble", "orbit", "maple", "cinder", "harbor", "velvet", "thunder", "saffron",
            "meadow", "quartz", "ember", "willow", "anchor", "comet");

    private final Random random;
    private final SeededIds ids;

    MessageFactory(Random random, SeededIds ids) {
        this.random = random;
        this.ids = ids;
    }

    ObjectNode create(String channel, JsonNode author) {
        ObjectNode message = JSON.createObjectNode();
        message.put("id", ids.next());
        message.put("channel_id", channel);
        message.set("author", author.deepCopy());
        message.put("content", randomText());
        message.put("timestamp", ids.time());
        message.putNull("edited_timestamp");
        message.put("tts", false)
                .put("mention_everyone", false)
                .put("pinned", false)
                .put("type", 0)
                .put("flags", 0);
        for (String list : List.of("mentions", "mention_roles", "attachments", "embeds", "components")) {
            message.putArray(list);
        }
        return message;
    }

    ObjectNode edited(ObjectNode message) {
        return message.deepCopy().put("content", randomText()).put("edited_timestamp", ids.time());
    }

    String randomWord() {
        return VOCABULARY.get(random.nextInt(VOCABULARY.size()));
    }

    String randomText() {
        var text = new StringBuilder();
        int count = 3 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(randomWord());
        }
        return text.toString();
    }
}
