package dev.guildcast.witness.traffic;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An event before it is assigned a publisher, a sequence and a time.
record EventDraft(String scope, String guildId, String type, ObjectNode body, List<String> users) {
    static EventDraft guild(String guildId, String type, ObjectNode body) {
        return new EventDraft(guildId, guildId, type, body, List.of());
    }
}
