package dev.guildcast.gateway.handshake;

import java.time.Duration;
import reactor.core.publisher.Mono;

/// How often sessions may be started. Safe for use from any thread; never blocks.
public interface IdentifyLimiter {
    /// Takes a start, if there is one.
    ///
    /// @param bucket of the identify concurrency: client shard id modulo `maxConcurrency`
    /// @param counted against the daily total, too
    Mono<Verdict> tryStart(long userId, int bucket, boolean counted);

    /// What is left today, without taking any.
    Mono<Allowance> allowance(long userId);

    sealed interface Verdict {
        enum Granted implements Verdict {
            GRANTED
        }

        /// The bucket is free again after this.
        record Wait(Duration time) implements Verdict {}

        /// No start is left for this long.
        record Exhausted(Duration time) implements Verdict {}
    }

    /// @param resetAfter until all starts are back
    record Allowance(int total, int remaining, Duration resetAfter) {}
}
