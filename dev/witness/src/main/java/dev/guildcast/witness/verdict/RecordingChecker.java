package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.model.VisibilityModel;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// Verifies recordings. May be called repeatedly while deliveries complete: what has not arrived yet counts as lost.
public final class RecordingChecker {
    private final VisibilityModel model;
    private final List<PublishedEvent> publications;
    private final CheckSettings settings;

    /// @param publications those of one publisher in its order
    /// @throws IllegalArgumentException if changes of one guild have no known order
    public RecordingChecker(InitialWorld world, List<PublishedEvent> publications, CheckSettings settings) {
        this.model = new VisibilityModel(world, publications);
        this.publications = List.copyOf(publications);
        this.settings = settings;
    }

    public ClientVerdict check(Account account, Recording recording) {
        List<Observation> observations = recording.observations();
        var stream = new ClientStream(account, publications);
        observations.forEach(stream::onObservation);
        var entitlements = new EntitlementCheck(account, model, publications, stream, settings);
        entitlements.run();
        var faults = new ArrayList<DeliveryFault>(SequenceCheck.check(observations));
        faults.addAll(new SessionCheck(settings.sessionTimeout().toNanos()).check(observations));
        faults.addAll(stream.faults());
        faults.addAll(entitlements.faults());
        return new ClientVerdict(
                account.name(),
                entitlements.received() + entitlements.lost(),
                entitlements.received(),
                longestSilence(observations, entitlements.expectedNanos()),
                (int) observations.stream()
                        .filter(each -> each instanceof Observation.ReceivedDispatch d
                                && d.type().equals("RESUMED"))
                        .count(),
                (int) observations.stream()
                        .filter(Observation.InvalidSession.class::isInstance)
                        .count(),
                List.copyOf(faults));
    }

    /// Without expected events there is no silence: one begins when the first event is sent that the client must
    /// receive.
    private Silence longestSilence(List<Observation> observations, NavigableSet<Long> expectedNanos) {
        long last = settings.fromNanos();
        var longest = new Silence(last, last);
        for (Observation observation : observations) {
            long at = Math.min(observation.atNanos(), settings.toNanos());
            if (observation instanceof Observation.ReceivedDispatch && at > last) {
                longest = longer(longest, expectedNanos.ceiling(last), at);
                last = at;
            }
        }
        return longer(longest, expectedNanos.ceiling(last), settings.toNanos());
    }

    private static Silence longer(Silence longest, @Nullable Long fromNanos, long toNanos) {
        if (fromNanos == null || toNanos - fromNanos <= longest.toNanos() - longest.fromNanos()) {
            return longest;
        }
        return new Silence(fromNanos, toNanos);
    }
}
