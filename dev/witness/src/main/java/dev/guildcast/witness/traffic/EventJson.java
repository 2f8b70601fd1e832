package dev.guildcast.witness.traffic;

import tools.jackson.databind.node.ObjectNode;

/// An event in the JSON form that ingress accepts.
final class EventJson {
    private EventJson() {}

    static ObjectNode of(PlannedEvent event) {
        ObjectNode json = MessageFactory.JSON.createObjectNode().put("t", event.type());
        json.set("d", event.body());
        if (!event.users().isEmpty()) {
            event.users().forEach(json.putArray("users")::add);
        }
        return json;
    }

    /// With publisher and sequence, by which repeats are recognised.
    static ObjectNode of(PlannedEvent event, String publisher) {
        return of(event).put("publisher", publisher).put("sequence", event.sequence());
    }
}
