package dev.guildcast.voice.assignment;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.StoredGuild;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The voice states and the assigned server of one guild, as they change.
///
/// - **Owner:** whoever holds the map that it is in.
/// - **Bound:** the guild's users in voice.
final class GuildEntry {
    final Map<Long, VoiceState> states = new TreeMap<>();
    Assignment assignment = Assignment.NONE;
    long revision;

    StoredGuild toStored() {
        return new StoredGuild(assignment, List.copyOf(states.values()), revision);
    }
}
