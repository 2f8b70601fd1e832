package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.model.Expected;
import dev.guildcast.witness.model.VisibilityModel;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads one client's stream from front to back: which guilds were available when, and which publication each dispatch
/// came from. What can be judged by the stream alone, is.
final class ClientStream {
    private final Account account;
    private final Map<String, Publication> published = new HashMap<>();
    private final Map<String, Segment> open = new HashMap<>();
    private final List<Segment> segments = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private int session;
    private int position;
    private int droppableReceived;

    ClientStream(Account account, List<Publication> publications) {
        this.account = account;
        publications.forEach(each -> published.put(each.mark(), each));
    }

    List<Segment> segments() {
        return segments;
    }

    List<Fault> faults() {
        return faults;
    }

    /// Whether the dispatch with this mark came.
    boolean saw(String mark) {
        return seen.contains(mark);
    }

    int droppableReceived() {
        return droppableReceived;
    }

    void on(Entry entry) {
        if (entry instanceof Entry.Dispatch dispatch) {
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

    private void ready(Entry.Dispatch dispatch) {
        open.values().forEach(segment -> segment.end = Segment.End.SESSION);
        open.clear();
        session++;
        begin("", dispatch);
    }

    private Segment begin(String guild, Entry.Dispatch dispatch) {
        var segment = new Segment(guild, session, dispatch.atNanos());
        open.put(guild, segment);
        segments.add(segment);
        return segment;
    }

    private void guildCreate(Entry.Dispatch dispatch) {
        JsonNode body = dispatch.body();
        String guild = body.path("id").asString("");
        if (open.containsKey(guild)) {
            faults.add(new Fault(Kind.REPEATED, "GUILD_CREATE of " + guild + ", which is available already"));
            return;
        }
        Segment segment = begin(guild, dispatch);
        body.path("channels")
                .forEach(each -> segment.channels.add(each.path("id").asString("")));
        segment.created.addAll(segment.channels);
        body.path("threads")
                .forEach(each -> segment.channels.add(each.path("id").asString("")));
    }

    private void guildDelete(Entry.Dispatch dispatch) {
        String guild = dispatch.body().path("id").asString("");
        boolean outage = dispatch.body().path("unavailable").asBoolean(false);
        Segment segment = open.remove(guild);
        if (segment == null) {
            if (!outage) { // a guild may be in outage from the beginning
                faults.add(new Fault(Kind.REPEATED, "GUILD_DELETE of " + guild + ", which is not available"));
            }
            return;
        }
        segment.end = outage ? Segment.End.OUTAGE : Segment.End.LEFT;
    }

    private void event(Entry.Dispatch dispatch) {
        JsonNode body = dispatch.body();
        String type = dispatch.type();
        String guild =
                body.path(type.equals("GUILD_UPDATE") ? "id" : "guild_id").asString("");
        String mark = body.path(Publication.MARK).asString("");
        Segment segment = open.get(guild);
        if (segment == null) {
            foreign(type, mark, "while its guild is not available");
        } else if (Expected.byChannel(type)) {
            channel(segment, dispatch);
        } else if (mark.isEmpty()) {
            unpublished(type);
        } else {
            published(segment, dispatch, mark);
        }
    }

    private void channel(Segment segment, Entry.Dispatch dispatch) {
        String channel = dispatch.body().path("id").asString("");
        boolean news = dispatch.type().equals("CHANNEL_CREATE")
                ? segment.channels.add(channel)
                : segment.channels.remove(channel);
        if (!news) {
            faults.add(new Fault(Kind.REPEATED, dispatch.type() + " of " + channel));
            return;
        }
        segment.byChannel
                .computeIfAbsent(dispatch.type() + " " + channel, ignored -> new ArrayList<>())
                .add(position);
    }

    /// What the suite sends by itself.
    private void unpublished(String type) {
        boolean known = type.equals("PRESENCE_UPDATE") || type.startsWith("VOICE_");
        if (!known || !VisibilityModel.asksFor(account, type)) {
            foreign(type, "no mark", known ? "without its intent" : "that nobody published");
        }
    }

    private void published(Segment segment, Entry.Dispatch dispatch, String mark) {
        Publication cause = published.get(mark);
        if (cause == null || !cause.type().equals(dispatch.type())) {
            foreign(dispatch.type(), mark, "that nobody published");
        } else if (!seen.add(mark)) {
            faults.add(new Fault(Kind.REPEATED, dispatch.type() + " " + mark));
        } else if (VisibilityModel.droppable(cause.type())) {
            droppable(segment, dispatch, mark);
        } else {
            segment.matches.add(new Segment.Match(position, cause, dispatch.body()));
        }
    }

    /// A droppable event is checked against the view that its sender had at that moment, which is what the client has
    /// seen of the guild so far.
    private void droppable(Segment segment, Entry.Dispatch dispatch, String mark) {
        String channel = dispatch.body().path("channel_id").asString("");
        if (!VisibilityModel.asksFor(account, dispatch.type()) || !segment.channels.contains(channel)) {
            foreign(dispatch.type(), mark, "in a channel that is hidden");
        } else {
            droppableReceived++;
        }
    }

    private void foreign(String type, String mark, String why) {
        faults.add(new Fault(Kind.FOREIGN, type + " " + mark + " " + why));
    }
}
