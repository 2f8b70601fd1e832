package dev.guildcast.gateway.link;

/// One event that is dispatched to many connections; its payload is shared by all of them.
///
/// @param data the JSON of `d`; shared, never modified
/// @param publishedMillis Unix milliseconds at which the event was appended to the log it was published to; 0: unknown
public record SharedDispatch(String type, byte[] data, long publishedMillis) {}
