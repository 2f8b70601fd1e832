package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.model.World;
import java.util.ArrayList;
import java.util.List;

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
                longestSilence(entries) / 1_000_000,
                (int) entries.stream()
                        .filter(each ->
                                each instanceof Entry.Dispatch d && d.type().equals("RESUMED"))
                        .count(),
                (int) entries.stream()
                        .filter(Entry.InvalidSession.class::isInstance)
                        .count(),
                List.copyOf(faults));
    }

    private long longestSilence(List<Entry> entries) {
        long longest = 0;
        long last = settings.fromNanos();
        for (Entry entry : entries) {
            long at = Math.min(entry.atNanos(), settings.toNanos());
            if (entry instanceof Entry.Dispatch && at > last) {
                longest = Math.max(longest, at - last);
                last = at;
            }
        }
        return Math.max(longest, settings.toNanos() - last);
    }
}
