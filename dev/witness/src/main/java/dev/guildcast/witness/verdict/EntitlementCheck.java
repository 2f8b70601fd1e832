package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.model.Expected;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Holds what came in each segment of a client's stream against what the model expects there.
final class EntitlementCheck {
    private final ClientStream stream;
    private final Stays stays;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Expected> byMark = new HashMap<>();
    /// By guild, stay, type and channel, in the order of the log.
    private final Map<String, List<Expected>> byChannel = new HashMap<>();
    private final Set<Expected> channelsReceived = new HashSet<>();
    private final NavigableSet<Long> owedNanos = new TreeSet<>();
    private int received;
    private int lost;

    EntitlementCheck(
            Account account,
            VisibilityModel model,
            List<Publication> publications,
            ClientStream stream,
            CheckSettings settings) {
        this.stream = stream;
        this.stays = new Stays(account, model, stream.segments(), settings, faults);
        for (Publication each : publications) {
            for (Expected expected : model.expected(account, each)) {
                if (expected.byChannel()) {
                    byChannel
                            .computeIfAbsent(key(expected), ignored -> new ArrayList<>())
                            .add(expected);
                } else {
                    byMark.put(expected.subject(), expected);
                }
            }
        }
    }

    List<Fault> faults() {
        return faults;
    }

    int received() {
        return received;
    }

    int lost() {
        return lost;
    }

    /// When what the client got, or should have got, was sent.
    NavigableSet<Long> owedNanos() {
        return owedNanos;
    }

    void run() {
        stays.assign();
        received = stream.droppableReceived();
        for (Segment segment : stream.segments()) {
            segment.matches.removeIf(match -> !entitled(segment, match));
            alignChannels(segment);
            segment.matches.forEach(match -> {
                segment.cover(match.cause());
                owedNanos.add(match.cause().sentNanos());
            });
            faults.addAll(OrderCheck.check(segment));
        }
        byMark.values().stream()
                .filter(each -> each.certain() && !stream.saw(each.subject()))
                .forEach(this::missing);
        byChannel
                .values()
                .forEach(list -> list.stream()
                        .filter(each -> !channelsReceived.contains(each))
                        .forEach(this::missing));
    }

    /// Whether this was for the client; if so, its body is held against what was published.
    private boolean entitled(Segment segment, Segment.Match match) {
        Publication cause = match.cause();
        String what = cause.type() + " " + cause.mark();
        Expected expected = byMark.get(cause.mark());
        if (expected == null) {
            faults.add(new Fault(Kind.FOREIGN, what));
            return false;
        }
        if (segment.stint < expected.firstStint() || segment.stint > expected.lastStint()) {
            faults.add(new Fault(Kind.FOREIGN, what + " of another stay in its guild"));
            return false;
        }
        received++;
        Expected.Body body = expected.body();
        JsonNode right = body.fullIsRight() ? body.full() : body.blanked();
        if (!match.body().equals(right)) {
            boolean shown = !body.fullIsRight() && match.body().equals(body.full());
            faults.add(
                    shown
                            ? new Fault(Kind.FOREIGN, what + " with its content")
                            : new Fault(Kind.ALTERED, what + " in " + differences(match.body(), right)));
        }
        return true;
    }

    /// Names of the fields that are not as they were published.
    private static Set<String> differences(JsonNode got, @Nullable JsonNode right) {
        var names = new TreeSet<String>();
        if (right != null) {
            names.addAll(got.propertyNames());
            names.addAll(right.propertyNames());
            names.removeIf(name -> got.path(name).equals(right.path(name)));
        }
        return names;
    }

    /// The last one received is the last one expected, and so on backwards: what is missing at the front of a stay may
    /// have been in GUILD_CREATE already.
    private void alignChannels(Segment segment) {
        segment.byChannel.forEach((typeAndChannel, positions) -> {
            List<Expected> expected =
                    byChannel.getOrDefault(key(segment.guildId, segment.stint, typeAndChannel), List.of());
            for (int back = 1; back <= positions.size(); back++) {
                int position = positions.get(positions.size() - back);
                if (back > expected.size()) {
                    faults.add(new Fault(Kind.FOREIGN, typeAndChannel));
                } else {
                    Expected match = expected.get(expected.size() - back);
                    channelsReceived.add(match);
                    received++;
                    segment.matches.add(new Segment.Match(
                            position, match.cause(), match.cause().body()));
                }
            }
        });
    }

    private void missing(Expected expected) {
        Publication cause = expected.cause();
        if (stays.requires(expected)) {
            lost++;
            owedNanos.add(cause.sentNanos());
            String subject = expected.byChannel() ? " " + expected.subject() + " after" : "";
            faults.add(new Fault(Kind.LOST, expected.type() + subject + " " + cause.mark()));
        }
    }

    private static String key(Expected expected) {
        return key(expected.cause().guildId(), expected.firstStint(), expected.type() + " " + expected.subject());
    }

    private static String key(String guild, int stint, String typeAndChannel) {
        return guild + " " + stint + " " + typeAndChannel;
    }
}
