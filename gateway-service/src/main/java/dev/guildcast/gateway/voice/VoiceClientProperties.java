package dev.guildcast.gateway.voice;

import dev.guildcast.shard.call.CallGuardSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Calls to voice-signaling for voice state updates (op 4).
///
/// @param target gRPC address of voice-signaling, such as `host:port`; empty: op 4 is counted and dropped
/// @param limit timeout of one call. The default lets the timeouts of voice-signaling itself pass first: 500 ms for
///     its store and 1 s for a guild
/// @param concurrentMax calls in flight; more are dropped, and clients send op 4 again. The default permits 500
///     updates a second even if every call lasts for its whole limit
/// @param openFor how long no call is made after half of the last 20 calls failed. The default keeps a failing service
///     from nearly all calls, and delays op 4 by a few seconds once it is back
@ConfigurationProperties("gateway.voice")
record VoiceClientProperties(
        @DefaultValue("") String target,
        @DefaultValue("2s") Duration limit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("5s") Duration openFor) {
    /// A `host:port` is used as a fixed address; a target with a scheme, such as `dns:///`, is resolved by gRPC.
    String uri() {
        return target.contains("://") ? target : "static://" + target;
    }

    CallGuardSettings toCallGuardSettings() {
        return CallGuardSettings.of(limit, concurrentMax, openFor);
    }
}
