package dev.guildcast.session.resume;

/// Where a replay finds the records of the log.
///
/// @param window those applied recently, in memory
/// @param reader the older ones, by a read of the log
public record RecordSource(PayloadWindow window, LogPayloadReader reader) {}
