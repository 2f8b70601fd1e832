package dev.guildcast.coordinator;

/// The replica that makes the decisions.
///
/// @param id of the replica
/// @param address host:port at which nodes register
public record Leader(String id, String address) {}
