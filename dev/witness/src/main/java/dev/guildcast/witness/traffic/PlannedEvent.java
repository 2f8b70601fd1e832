package dev.guildcast.witness.traffic;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One event of a plan.
///
/// @param dueMillis from the start of the traffic
/// @param sequence of the publisher, from 1
/// @param guildId empty for direct messages
/// @param body `d`, with its mark
public record PlannedEvent(
        long dueMillis,
        String publisher,
        long sequence,
        String scope,
        String guildId,
        String type,
        ObjectNode body,
        List<String> users) {}
