package dev.guildcast.witness.traffic;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An event before it has a publisher, a number and a time.
record Draft(String scope, String guildId, String type, ObjectNode body, List<String> users) {
    static Draft guild(String guildId, String type, ObjectNode body) {
        return new Draft(guildId, guildId, type, body, List.of());
    }
}
