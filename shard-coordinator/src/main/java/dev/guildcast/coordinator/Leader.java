package dev.guildcast.coordinator;

/// The replica that decides.
///
/// @param id of the replica
/// @param address host:port at which it takes registrations
public record Leader(String id, String address) {}
