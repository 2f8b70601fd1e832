package dev.guildcast.gateway.link;

/// One event on its way to many connections.
///
/// @param data the JSON of `d`; shared, never changed
/// @param appendedAt Unix milliseconds at which the causing record was appended to the session log
public record SharedDispatch(String type, byte[] data, long appendedAt) {}
