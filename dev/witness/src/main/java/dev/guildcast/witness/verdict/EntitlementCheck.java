package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.model.ExpectedDispatch;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
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

/// Compares each segment of a client's stream with what the model expects in it.
final class EntitlementCheck {
    private final ClientStream stream;
    private final GuildAvailabilityCheck memberships;
    private final List<DeliveryFault> faults = new ArrayList<>();
    private final Map<String, ExpectedDispatch> byMark = new HashMap<>();
    /// By guild, membership, type and channel, in the order of the log.
    private final Map<String, List<ExpectedDispatch>> byChannel = new HashMap<>();
    private final Set<ExpectedDispatch> channelsReceived = new HashSet<>();
    private final NavigableSet<Long> expectedNanos = new TreeSet<>();
    private int received;
    private int lost;

    EntitlementCheck(
            Account account,
            VisibilityModel model,
            List<PublishedEvent> publications,
            ClientStream stream,
            CheckSettings settings) {
        this.stream = stream;
        this.memberships = new GuildAvailabilityCheck(account, model, stream.segments(), settings, faults);
        for (PublishedEvent each : publications) {
            for (ExpectedDispatch expected : model.expected(account, each)) {
                if (expected.matchedByChannel()) {
                    byChannel
                            .computeIfAbsent(key(expected), ignored -> new ArrayList<>())
                            .add(expected);
                } else {
                    byMark.put(expected.subject(), expected);
                }
            }
        }
    }

    List<DeliveryFault> faults() {
        return faults;
    }

    int received() {
        return received;
    }

    int lost() {
        return lost;
    }

    /// When the events that the client received, or should have received, were sent.
    NavigableSet<Long> expectedNanos() {
        return expectedNanos;
    }

    void run() {
        memberships.assignMemberships();
        received = stream.droppableReceived();
        for (StreamSegment segment : stream.segments()) {
            segment.matches.removeIf(match -> !entitled(segment, match));
            alignChannels(segment);
            segment.matches.forEach(match -> {
                segment.addReceived(match.cause());
                expectedNanos.add(match.cause().sentNanos());
            });
            faults.addAll(OrderCheck.check(segment));
        }
        byMark.values().stream()
                .filter(each -> each.certain() && !stream.received(each.subject()))
                .forEach(this::addIfLost);
        byChannel
                .values()
                .forEach(list -> list.stream()
                        .filter(each -> !channelsReceived.contains(each))
                        .forEach(this::addIfLost));
    }

    /// Whether the client was entitled to it; if so, its body is compared with the publication.
    private boolean entitled(StreamSegment segment, StreamSegment.Match match) {
        PublishedEvent cause = match.cause();
        String what = cause.type() + " " + cause.mark();
        ExpectedDispatch expected = byMark.get(cause.mark());
        if (expected == null) {
            faults.add(new DeliveryFault(Kind.FOREIGN, what));
            return false;
        }
        if (segment.membershipIndex < expected.firstMembership()
                || segment.membershipIndex > expected.lastMembership()) {
            faults.add(new DeliveryFault(Kind.FOREIGN, what + " of another membership"));
            return false;
        }
        received++;
        ExpectedDispatch.ExpectedBody body = expected.body();
        JsonNode expectedBody = body.contentAllowed() ? body.full() : body.blanked();
        if (!match.body().equals(expectedBody)) {
            boolean shown = !body.contentAllowed() && match.body().equals(body.full());
            faults.add(
                    shown
                            ? new DeliveryFault(Kind.FOREIGN, what + " with its content")
                            : new DeliveryFault(Kind.ALTERED, what + " in " + differences(match.body(), expectedBody)));
        }
        return true;
    }

    /// Names of the fields that differ from the publication.
    private static Set<String> differences(JsonNode actual, @Nullable JsonNode expectedBody) {
        var names = new TreeSet<String>();
        if (expectedBody != null) {
            names.addAll(actual.propertyNames());
            names.addAll(expectedBody.propertyNames());
            names.removeIf(name -> actual.path(name).equals(expectedBody.path(name)));
        }
        return names;
    }

    /// Matches received and expected dispatches from the last one backwards: what is missing at the start of a
    /// membership may have been part of GUILD_CREATE.
    private void alignChannels(StreamSegment segment) {
        segment.byChannel.forEach((typeAndChannel, positions) -> {
            List<ExpectedDispatch> expected =
                    byChannel.getOrDefault(key(segment.guildId, segment.membershipIndex, typeAndChannel), List.of());
            for (int back = 1; back <= positions.size(); back++) {
                int position = positions.get(positions.size() - back);
                if (back > expected.size()) {
                    faults.add(new DeliveryFault(Kind.FOREIGN, typeAndChannel));
                } else {
                    ExpectedDispatch match = expected.get(expected.size() - back);
                    channelsReceived.add(match);
                    received++;
                    segment.matches.add(new StreamSegment.Match(
                            position, match.cause(), match.cause().body()));
                }
            }
        });
    }

    private void addIfLost(ExpectedDispatch expected) {
        PublishedEvent cause = expected.cause();
        if (memberships.requires(expected)) {
            lost++;
            expectedNanos.add(cause.sentNanos());
            String subject = expected.matchedByChannel() ? " " + expected.subject() + " after" : "";
            faults.add(new DeliveryFault(Kind.LOST, expected.type() + subject + " " + cause.mark()));
        }
    }

    private static String key(ExpectedDispatch expected) {
        return key(expected.cause().guildId(), expected.firstMembership(), expected.type() + " " + expected.subject());
    }

    private static String key(String guild, int membership, String typeAndChannel) {
        return guild + " " + membership + " " + typeAndChannel;
    }
}
