package dev.guildcast.witness.traffic;

import tools.jackson.databind.node.ObjectNode;

/// An event in the form that ingress takes.
final class EventText {
    private EventText() {}

    static ObjectNode of(PlannedEvent event) {
        ObjectNode json = Messages.JSON.createObjectNode().put("t", event.type());
        json.set("d", event.body());
        if (!event.users().isEmpty()) {
            event.users().forEach(json.putArray("users")::add);
        }
        return json;
    }

    /// With what marks repeats.
    static ObjectNode of(PlannedEvent event, String publisher) {
        return of(event).put("publisher", publisher).put("sequence", event.sequence());
    }
}
