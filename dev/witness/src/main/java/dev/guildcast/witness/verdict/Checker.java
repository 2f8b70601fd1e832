package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.model.World;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// Judges recordings. Can be asked again and again while a run settles: what has not come yet counts as lost.
public final class Checker {
    private final VisibilityModel model;
    private final List<Publication> publications;
    private final CheckSettings settings;

    /// @param publications those of one publisher in its order
    /// @throws IllegalArgumentException if changes of one guild have no known order
    public Checker(World world, List<Publication> publications, CheckSettings settings) {
        this.model = new VisibilityModel(world, publications);
        this.publications = List.copyOf(publications);
        this.settings = settings;
    }

    public ClientVerdict check(Account account, Recording recording) {
        List<Entry> entries = recording.entries();
        var stream = new ClientStream(account, publications);
        entries.forEach(stream::on);
        var judge = new EntitlementCheck(account, model, publications, stream, settings);
        judge.run();
        var faults = new ArrayList<Fault>(SequenceCheck.check(entries));
        faults.addAll(new SessionCheck(settings.sessionTimeout().toNanos()).check(entries));
        faults.addAll(stream.faults());
        faults.addAll(judge.faults());
        return new ClientVerdict(
                account.name(),
                judge.received() + judge.lost(),
                judge.received(),
                longestSilence(entries, judge.owedNanos()),
                (int) entries.stream()
                        .filter(each ->
                                each instanceof Entry.Dispatch d && d.type().equals("RESUMED"))
                        .count(),
                (int) entries.stream()
                        .filter(Entry.InvalidSession.class::isInstance)
                        .count(),
                List.copyOf(faults));
    }

    /// Nothing that is owed, nothing that is missed: a silence begins when the first event is sent that the client has
    /// to get.
    private Silence longestSilence(List<Entry> entries, NavigableSet<Long> owedNanos) {
        long last = settings.fromNanos();
        var longest = new Silence(last, last);
        for (Entry entry : entries) {
            long at = Math.min(entry.atNanos(), settings.toNanos());
            if (entry instanceof Entry.Dispatch && at > last) {
                longest = longer(longest, owedNanos.ceiling(last), at);
                last = at;
            }
        }
        return longer(longest, owedNanos.ceiling(last), settings.toNanos());
    }

    private static Silence longer(Silence longest, @Nullable Long fromNanos, long toNanos) {
        if (fromNanos == null || toNanos - fromNanos <= longest.toNanos() - longest.fromNanos()) {
            return longest;
        }
        return new Silence(fromNanos, toNanos);
    }
}
