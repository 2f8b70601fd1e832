package dev.guildcast.gateway;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The sessions of all fake hosts, which share them as owners share a log. Whoever uses them holds their monitor.
final class FakeSessions {
    static final class Session {
        final String id;
        final Open open;
        final List<Event> events = new ArrayList<>();
        final List<Command> commands = new ArrayList<>();
        long attachId;
        long lastCommand;

        @Nullable
        Line line;

        int detaches;

        Session(String id, Open open) {
            this.id = id;
            this.open = open;
            this.attachId = open.getAttachId();
        }
    }

    record Event(String type, String data) {}

    /// Where the dispatches of a session go, and how many have gone.
    static final class Line {
        final StreamObserver<HostMessage> to;
        final FakeSessionHost host;
        final long handle;
        int cursor;

        Line(FakeSessionHost host, StreamObserver<HostMessage> to, long handle, int cursor) {
            this.host = host;
            this.to = to;
            this.handle = handle;
            this.cursor = cursor;
        }
    }

    private final Map<String, Session> byId = new HashMap<>();
    private final Map<Long, Session> byRequest = new HashMap<>();
    private long nextOffset = 1;
    /// The id of the newest session; empty before the first. Any thread may read it.
    volatile String lastOpened = "";

    @Nullable
    Session find(String id) {
        return byId.get(id);
    }

    /// The session of this request, which has READY and a guild when it is new.
    Session opened(OpenSession message) {
        var open = message.getOpen();
        return byRequest.computeIfAbsent(open.getRequest(), request -> {
            long offset = nextOffset++;
            var id = new SessionId(message.getShard(), offset, 0x1234_5678_9abcL + offset).text();
            var made = new Session(id, open);
            made.events.add(new Event("READY", ready(id, open)));
            made.events.add(new Event("GUILD_CREATE", "{\"id\":\"197038439483310086\",\"unavailable\":false}"));
            byId.put(id, made);
            lastOpened = id;
            return made;
        });
    }

    private static String ready(String id, Open open) {
        return "{\"v\":" + open.getVersion() + ",\"user\":" + open.getUser().toStringUtf8()
                + ",\"guilds\":[{\"id\":\"197038439483310086\",\"unavailable\":true}],\"session_id\":\"" + id
                + "\",\"resume_gateway_url\":\"" + open.getResumeUrl() + "\",\"application\":{\"id\":\""
                + Long.toUnsignedString(open.getApplicationId()) + "\",\"flags\":" + open.getApplicationFlags()
                + "},\"private_channels\":[]}";
    }

    /// Nobody can attach to it any more; its events are kept for those who hold it.
    void end(String id) {
        byId.remove(id);
    }

    void detach(Detach message) {
        var session = byId.get(message.getSessionId());
        if (session != null && session.attachId == message.getAttachId()) {
            session.line = null;
            session.detaches++;
            if (message.getEnd()) {
                end(session.id);
            }
        }
    }

    /// Cuts the lines for which this holds.
    void cut(Predicate<Line> which) {
        for (var session : byId.values()) {
            if (session.line != null && which.test(session.line)) {
                session.line = null;
            }
        }
    }
}
