package dev.guildcast.session.dispatch;

import dev.guildcast.session.Session;

/// A session was assigned a sequence for the record being applied.
///
/// @param payload which payload of the record, from 0: recipients of the same one share its bytes
public record SequencedDispatch(Session session, int sequence, int payload) {}
