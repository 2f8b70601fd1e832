package dev.guildcast.session.dispatch;

import dev.guildcast.session.Session;

/// A session was given a sequence by the record being applied.
///
/// @param payload which payload of the record, from 0: recipients of the same one share its bytes
public record Numbered(Session session, int sequence, int payload) {}
