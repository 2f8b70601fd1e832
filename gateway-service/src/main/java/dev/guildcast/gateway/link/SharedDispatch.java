package dev.guildcast.gateway.link;

/// One event on its way to many connections.
///
/// @param data the JSON of `d`; shared, never changed
/// @param publishedMillis Unix milliseconds at which the event was appended to the log it was published to; 0: unknown
public record SharedDispatch(String type, byte[] data, long publishedMillis) {}
