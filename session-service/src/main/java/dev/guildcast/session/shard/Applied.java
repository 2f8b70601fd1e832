package dev.guildcast.session.shard;

import dev.guildcast.session.dispatch.SequencedDispatch;
import java.util.List;

/// What one record of a session log did.
///
/// @param change what it did to one session by itself
/// @param dispatches the sessions that it was assigned to as their next dispatch; valid until the next record
public record Applied(SessionChange change, List<SequencedDispatch> dispatches) {}
