package dev.guildcast.gateway.voice;

import dev.guildcast.gateway.guard.GuardProperties;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where op 4 goes.
///
/// @param target gRPC address of voice-signaling, such as `host:port`; empty: op 4 is counted and dropped
/// @param limit how long one call may take
/// @param concurrentMax calls in flight; more are dropped, and clients repeat op 4
/// @param openFor how long nothing is sent after half of the last 20 calls failed
@ConfigurationProperties("gateway.voice")
public record VoiceProperties(
        @DefaultValue("") String target,
        @DefaultValue("2s") Duration limit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("5s") Duration openFor) {
    /// A bare `host:port` is taken as it stands; a target with a scheme, such as `dns:///`, is resolved by gRPC.
    String uri() {
        return target.contains("://") ? target : "static://" + target;
    }

    GuardProperties toGuard() {
        return new GuardProperties(limit, concurrentMax, 20, openFor, 3);
    }
}
