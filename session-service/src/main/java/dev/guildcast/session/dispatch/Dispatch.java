package dev.guildcast.session.dispatch;

import com.google.protobuf.ByteString;

/// What a client is sent of one record: `t` and the JSON of `d`. Its `s` depends on the session.
public record Dispatch(String type, ByteString data) {}
