package dev.guildcast.witness.model;

import java.util.Map;
import java.util.Set;

/// What decides about single recipients besides roles and overwrites.
///
/// @param threadMembers users by private thread
/// @param timedOut users who keep only the permissions to view and to read
/// @param voiceChannels channel by connected user
/// @param eventChannels channel by scheduled event; empty for an event that is held elsewhere
public record GuildSurroundings(
        Map<String, Set<String>> threadMembers,
        Set<String> timedOut,
        Map<String, String> voiceChannels,
        Map<String, String> eventChannels) {}
