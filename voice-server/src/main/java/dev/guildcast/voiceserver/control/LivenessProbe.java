package dev.guildcast.voiceserver.control;

import java.util.concurrent.CompletableFuture;

/// Asks the media loop for a sign of life. Only the loop itself answers: a process whose sockets are open and whose
/// loop stands still gives none, and that is how it is found out.
public interface LivenessProbe {
    /// Completes on the media loop; exceptionally, with an [IllegalStateException], when it has ended or more probes
    /// wait than it takes, which are eight times as many as ever should. How long to wait is for whoever asks.
    CompletableFuture<MediaLoopStatus> ping();
}
