package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.model.ExpectedDispatch;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads one client's stream from start to end: which guilds were available when, and which publication caused each
/// dispatch. Verifies what the stream alone can show.
final class ClientStream {
    private final Account account;
    private final Map<String, PublishedEvent> published = new HashMap<>();
    private final Map<String, StreamSegment> openSegments = new HashMap<>();
    private final List<StreamSegment> segments = new ArrayList<>();
    private final Set<String> receivedMarks = new HashSet<>();
    private final List<DeliveryFault> faults = new ArrayList<>();
    private int session;
    private int position;
    private int droppableReceived;

    ClientStream(Account account, List<PublishedEvent> publications) {
        this.account = account;
        publications.forEach(each -> published.put(each.mark(), each));
    }

    List<StreamSegment> segments() {
        return segments;
    }

    List<DeliveryFault> faults() {
        return faults;
    }

    /// Whether the dispatch with this mark was received.
    boolean received(String mark) {
        return receivedMarks.contains(mark);
    }

    int droppableReceived() {
        return droppableReceived;
    }

    void onObservation(Observation observation) {
        if (observation instanceof Observation.ReceivedDispatch dispatch) {
            position++;
            switch (dispatch.type()) {
                case "READY" -> ready(dispatch);
                case "GUILD_CREATE" -> guildCreate(dispatch);
                case "GUILD_DELETE" -> guildDelete(dispatch);
                case "RESUMED", "RATE_LIMITED", "GUILD_MEMBERS_CHUNK", "USER_UPDATE" -> {}
                default -> event(dispatch);
            }
        }
    }

    private void ready(Observation.ReceivedDispatch dispatch) {
        openSegments.values().forEach(segment -> segment.end = StreamSegment.SegmentEnd.SESSION);
        openSegments.clear();
        session++;
        openSegment("", dispatch);
    }

    private StreamSegment openSegment(String guild, Observation.ReceivedDispatch dispatch) {
        var segment = new StreamSegment(guild, session, dispatch.atNanos());
        openSegments.put(guild, segment);
        segments.add(segment);
        return segment;
    }

    private void guildCreate(Observation.ReceivedDispatch dispatch) {
        JsonNode body = dispatch.body();
        String guild = body.path("id").asString("");
        if (openSegments.containsKey(guild)) {
            faults.add(new DeliveryFault(Kind.REPEATED, "GUILD_CREATE of " + guild + ", which is available already"));
            return;
        }
        StreamSegment segment = openSegment(guild, dispatch);
        body.path("channels")
                .forEach(each -> segment.channels.add(each.path("id").asString("")));
        segment.channelsAtCreate.addAll(segment.channels);
        body.path("threads")
                .forEach(each -> segment.channels.add(each.path("id").asString("")));
    }

    private void guildDelete(Observation.ReceivedDispatch dispatch) {
        String guild = dispatch.body().path("id").asString("");
        boolean outage = dispatch.body().path("unavailable").asBoolean(false);
        StreamSegment segment = openSegments.remove(guild);
        if (segment == null) {
            if (!outage) { // a guild may be in outage from the start
                faults.add(new DeliveryFault(Kind.REPEATED, "GUILD_DELETE of " + guild + ", which is not available"));
            }
            return;
        }
        segment.end = outage ? StreamSegment.SegmentEnd.OUTAGE : StreamSegment.SegmentEnd.LEFT;
    }

    private void event(Observation.ReceivedDispatch dispatch) {
        JsonNode body = dispatch.body();
        String type = dispatch.type();
        String guild =
                body.path(type.equals("GUILD_UPDATE") ? "id" : "guild_id").asString("");
        String mark = body.path(PublishedEvent.MARK).asString("");
        StreamSegment segment = openSegments.get(guild);
        if (segment == null) {
            foreign(type, mark, "while its guild is not available");
        } else if (ExpectedDispatch.matchedByChannel(type)) {
            channel(segment, dispatch);
        } else if (mark.isEmpty()) {
            unpublished(type);
        } else {
            published(segment, dispatch, mark);
        }
    }

    private void channel(StreamSegment segment, Observation.ReceivedDispatch dispatch) {
        String channel = dispatch.body().path("id").asString("");
        boolean changed = dispatch.type().equals("CHANNEL_CREATE")
                ? segment.channels.add(channel)
                : segment.channels.remove(channel);
        if (!changed) {
            faults.add(new DeliveryFault(Kind.REPEATED, dispatch.type() + " of " + channel));
            return;
        }
        segment.byChannel
                .computeIfAbsent(dispatch.type() + " " + channel, ignored -> new ArrayList<>())
                .add(position);
    }

    /// Dispatches that the suite derives itself.
    private void unpublished(String type) {
        boolean known = type.equals("PRESENCE_UPDATE") || type.startsWith("VOICE_");
        if (!known || !VisibilityModel.requestsIntentOf(account, type)) {
            foreign(type, "no mark", known ? "without its intent" : "that nobody published");
        }
    }

    private void published(StreamSegment segment, Observation.ReceivedDispatch dispatch, String mark) {
        PublishedEvent cause = published.get(mark);
        if (cause == null || !cause.type().equals(dispatch.type())) {
            foreign(dispatch.type(), mark, "that nobody published");
        } else if (!receivedMarks.add(mark)) {
            faults.add(new DeliveryFault(Kind.REPEATED, dispatch.type() + " " + mark));
        } else if (VisibilityModel.droppable(cause.type())) {
            droppable(segment, dispatch, mark);
        } else {
            segment.matches.add(new StreamSegment.Match(position, cause, dispatch.body()));
        }
    }

    /// Verifies a droppable event against the state of the guild that the client has received so far, which is that of
    /// the shard at that moment.
    private void droppable(StreamSegment segment, Observation.ReceivedDispatch dispatch, String mark) {
        String channel = dispatch.body().path("channel_id").asString("");
        if (!VisibilityModel.requestsIntentOf(account, dispatch.type()) || !segment.channels.contains(channel)) {
            foreign(dispatch.type(), mark, "in a channel that is hidden");
        } else {
            droppableReceived++;
        }
    }

    private void foreign(String type, String mark, String reason) {
        faults.add(new DeliveryFault(Kind.FOREIGN, type + " " + mark + " " + reason));
    }
}
