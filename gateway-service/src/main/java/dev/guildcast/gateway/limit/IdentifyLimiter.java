package dev.guildcast.gateway.limit;

import java.time.Duration;
import reactor.core.publisher.Mono;

/// Limits how often sessions may be started. Safe for use from any thread; never blocks.
public interface IdentifyLimiter {
    /// Takes a session start, if one is available.
    ///
    /// @param bucket the bucket of the identify concurrency: client shard id modulo `maxConcurrency`
    /// @param counted whether it counts against the starts of the day, too
    Mono<StartDecision> tryStart(long userId, int bucket, boolean counted);

    /// The starts left in the current window; takes none.
    Mono<SessionStartLimit> sessionStartLimit(long userId);

    sealed interface StartDecision {
        enum Granted implements StartDecision {
            GRANTED
        }

        /// The bucket is in use.
        ///
        /// @param retryAfter until the bucket is free
        record BucketBusy(Duration retryAfter) implements StartDecision {}

        /// No start is left in the current window.
        ///
        /// @param retryAfter until the window ends
        record Exhausted(Duration retryAfter) implements StartDecision {}
    }

    /// The `session_start_limit` of `/gateway/bot`.
    ///
    /// @param resetAfter time until the window ends and all starts are available again
    record SessionStartLimit(int total, int remaining, Duration resetAfter) {}
}
