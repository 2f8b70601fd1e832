package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.assignment.VoiceAssignmentStore;
import java.util.function.Consumer;

/// What the store holds of voice servers, for all instances. A failed call is counted and not repeated: the next report
/// of the server, or the next check, makes another.
///
/// - **Owner:** none; it never blocks, and results arrive on the store's thread.
final class VoiceServerStoreUpdater {
    private final VoiceAssignmentStore store;
    private final VoiceMetrics metrics;

    VoiceServerStoreUpdater(VoiceAssignmentStore store, VoiceMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /// @param load as the server reported it
    void renew(VoiceServer server, double load) {
        store.renewServer(server, load).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
    }

    void remove(VoiceServer server) {
        store.removeServer(server).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
    }

    /// @param found receives whether the store knows the server; not called if the store fails
    void check(String server, Consumer<Boolean> found) {
        store.findServer(server)
                .subscribe(record -> found.accept(record.isPresent()), failure -> metrics.storeCallFailed());
    }
}
