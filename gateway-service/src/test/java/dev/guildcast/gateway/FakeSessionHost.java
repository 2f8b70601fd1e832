package dev.guildcast.gateway;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Attachment;
import dev.guildcast.link.v1.Closed;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.CommandAck;
import dev.guildcast.link.v1.Dispatch;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostHello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Invalid;
import dev.guildcast.link.v1.Moved;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Opened;
import dev.guildcast.link.v1.Parked;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.link.v1.Refused;
import dev.guildcast.link.v1.ReplayDone;
import dev.guildcast.link.v1.Retry;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.Superseded;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A host of session shards as the contract describes it, over real gRPC. Sessions live in [Sessions], which several
/// hosts may share, as owners share a log.
final class FakeSessionHost extends SessionHostGrpc.SessionHostImplBase implements AutoCloseable {
    /// The sessions of all hosts.
    static final class Sessions {
        private final Map<String, Session> byId = new HashMap<>();
        private final Map<Long, Session> byRequest = new HashMap<>();
        private long nextOffset = 1;
        volatile String lastOpened = "";
    }

    static final class Session {
        final String id;
        final Open open;
        final List<Event> events = new ArrayList<>();
        final List<Command> commands = new ArrayList<>();
        long attachId;
        long lastCommand;
        int forgotten;

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

    private static final class Line {
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

    private final Sessions sessions;
    private final List<StreamObserver<HostMessage>> streams = new CopyOnWriteArrayList<>();
    private final Server server;

    /// Answers every question with Retry.
    volatile boolean retries;
    /// Answers every question with Moved.
    volatile boolean notLive;
    /// Says nothing to any question.
    volatile boolean mute;
    /// Refuses every Open with this code.
    volatile int refuseOpen;
    /// Says nothing more after what an Attach missed.
    volatile boolean withholdReplayDone;
    /// Messages as they came, for asserting.
    final List<GatewayMessage> heard = new CopyOnWriteArrayList<>();
    volatile long creditGiven;

    FakeSessionHost(Sessions sessions) {
        this(sessions, 0);
    }

    FakeSessionHost(Sessions sessions, int port) {
        this.sessions = sessions;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return server.getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    @Override
    public StreamObserver<GatewayMessage> connect(StreamObserver<HostMessage> to) {
        streams.add(to);
        return new StreamObserver<>() {
            @Override
            public void onNext(GatewayMessage message) {
                synchronized (sessions) {
                    heard.add(message);
                    hear(to, message);
                }
            }

            @Override
            public void onError(Throwable error) {
                gone(to);
            }

            @Override
            public void onCompleted() {
                gone(to);
                to.onCompleted();
            }
        };
    }

    private void gone(StreamObserver<HostMessage> to) {
        streams.remove(to);
        synchronized (sessions) {
            for (var session : sessions.byId.values()) {
                if (session.line != null && session.line.to == to) {
                    session.line = null;
                }
            }
        }
    }

    private void hear(StreamObserver<HostMessage> to, GatewayMessage message) {
        switch (message.getMessageCase()) {
            case HELLO ->
                send(
                        to,
                        HostMessage.newBuilder().setHello(HostHello.newBuilder().setNodeId("fake")));
            case OPEN -> {
                if (!dodges(to, message.getOpen().getHandle(), message.getOpen().getShard())) {
                    open(to, message.getOpen());
                }
            }
            case ATTACH -> {
                if (!dodges(to, message.getAttach().getHandle(), 0)) {
                    attach(to, message.getAttach());
                }
            }
            case REATTACH -> {
                if (!dodges(to, message.getReattach().getHandle(), 0)) {
                    reattach(to, message.getReattach());
                }
            }
            case DETACH -> {
                var session = sessions.byId.get(message.getDetach().getSessionId());
                if (session != null && session.attachId == message.getDetach().getAttachId()) {
                    session.line = null;
                    session.detaches++;
                    if (message.getDetach().getEnd()) {
                        sessions.byId.remove(session.id);
                    }
                }
            }
            case COMMAND -> command(to, message.getCommand());
            case CREDIT -> creditGiven += message.getCredit().getBytes();
            case PARK -> {
                for (var session : sessions.byId.values()) {
                    if (session.line != null
                            && session.line.handle == message.getPark().getHandle()) {
                        session.line = null;
                    }
                }
            }
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private boolean dodges(StreamObserver<HostMessage> to, long handle, int shard) {
        if (mute) {
            return true;
        }
        if (notLive) {
            send(
                    to,
                    HostMessage.newBuilder()
                            .setMoved(Moved.newBuilder().setShard(shard).addHandles(handle)));
            return true;
        }
        if (retries) {
            send(to, HostMessage.newBuilder().setRetry(Retry.newBuilder().setHandle(handle)));
            return true;
        }
        return false;
    }

    private void open(StreamObserver<HostMessage> to, OpenSession message) {
        var open = message.getOpen();
        if (refuseOpen != 0) {
            refuse(to, message.getHandle(), refuseOpen);
            return;
        }
        var session = sessions.byRequest.computeIfAbsent(open.getRequest(), request -> {
            long offset = sessions.nextOffset++;
            var id = new SessionId(message.getShard(), offset, 0x1234_5678_9abcL + offset).text();
            var made = new Session(id, open);
            var user = open.getUser().toStringUtf8();
            made.events.add(new Event(
                    "READY",
                    "{\"v\":" + open.getVersion() + ",\"user\":" + user
                            + ",\"guilds\":[{\"id\":\"197038439483310086\",\"unavailable\":true}],\"session_id\":\""
                            + id
                            + "\",\"resume_gateway_url\":\"" + open.getResumeUrl() + "\",\"application\":{\"id\":\""
                            + Long.toUnsignedString(open.getApplicationId()) + "\",\"flags\":"
                            + open.getApplicationFlags() + "},\"private_channels\":[]}"));
            made.events.add(new Event("GUILD_CREATE", "{\"id\":\"197038439483310086\",\"unavailable\":false}"));
            sessions.byId.put(id, made);
            sessions.lastOpened = id;
            return made;
        });
        send(
                to,
                HostMessage.newBuilder()
                        .setOpened(Opened.newBuilder()
                                .setHandle(message.getHandle())
                                .setSessionId(session.id)));
        attachLine(to, session, message.getHandle(), message.getSeen());
    }

    private void attach(StreamObserver<HostMessage> to, Attach message) {
        var session = sessions.byId.get(message.getSessionId());
        if (session == null || session.open.getUserId() != message.getUserId()) {
            send(to, HostMessage.newBuilder().setInvalid(Invalid.newBuilder().setHandle(message.getHandle())));
            return;
        }
        if (message.getSequence() > session.events.size()) {
            sessions.byId.remove(session.id);
            refuse(to, message.getHandle(), 4007);
            return;
        }
        if (message.getSequence() < session.forgotten) {
            sessions.byId.remove(session.id);
            send(to, HostMessage.newBuilder().setInvalid(Invalid.newBuilder().setHandle(message.getHandle())));
            return;
        }
        if (session.line != null && session.attachId != message.getAttachId()) {
            send(
                    session.line.to,
                    HostMessage.newBuilder()
                            .setSuperseded(Superseded.newBuilder().setHandle(session.line.handle)));
        }
        if (session.attachId != message.getAttachId()) {
            session.attachId = message.getAttachId();
            session.lastCommand = 0;
        }
        send(to, HostMessage.newBuilder().setAttachment(Attachment.newBuilder().setHandle(message.getHandle())));
        attachLine(to, session, message.getHandle(), message.getSequence());
        if (!withholdReplayDone) {
            send(
                    to,
                    HostMessage.newBuilder()
                            .setReplayDone(ReplayDone.newBuilder().setHandle(message.getHandle())));
        }
    }

    private void reattach(StreamObserver<HostMessage> to, Reattach message) {
        var session = sessions.byId.get(message.getSessionId());
        if (session == null) {
            send(to, HostMessage.newBuilder().setInvalid(Invalid.newBuilder().setHandle(message.getHandle())));
        } else if (session.attachId != message.getAttachId()) {
            send(
                    to,
                    HostMessage.newBuilder()
                            .setSuperseded(Superseded.newBuilder().setHandle(message.getHandle())));
        } else {
            send(
                    to,
                    HostMessage.newBuilder()
                            .setAttachment(Attachment.newBuilder().setHandle(message.getHandle())));
            attachLine(to, session, message.getHandle(), message.getSequence());
        }
    }

    private void attachLine(StreamObserver<HostMessage> to, Session session, long handle, int cursor) {
        session.line = new Line(this, to, handle, cursor);
        push(session);
    }

    private static void push(Session session) {
        var line = session.line;
        if (line == null) {
            return;
        }
        while (line.cursor < session.events.size()) {
            var event = session.events.get(line.cursor++);
            line.host.push(line.to, line.handle, line.cursor, event);
        }
    }

    private void push(StreamObserver<HostMessage> to, long handle, int sequence, Event event) {
        var data = ByteString.copyFrom(event.data(), StandardCharsets.UTF_8);
        send(
                to,
                HostMessage.newBuilder()
                        .setBatch(DispatchBatch.newBuilder()
                                .setCharge(data.size())
                                .addDispatches(Dispatch.newBuilder()
                                        .setType(event.type())
                                        .setData(data)
                                        .addHandles(handle)
                                        .addSequences(sequence)
                                        .setAppendedAt(System.currentTimeMillis()))));
    }

    private void command(StreamObserver<HostMessage> to, Command command) {
        var session = sessions.byId.get(command.getSessionId());
        if (session == null || session.attachId != command.getAttachId()) {
            return;
        }
        if (command.getNumber() == session.lastCommand + 1) {
            session.lastCommand++;
            session.commands.add(command);
        }
        send(
                to,
                HostMessage.newBuilder()
                        .setCommandAck(CommandAck.newBuilder()
                                .setHandle(command.getHandle())
                                .setNumber(session.lastCommand)));
    }

    private void refuse(StreamObserver<HostMessage> to, long handle, int code) {
        send(
                to,
                HostMessage.newBuilder()
                        .setRefused(Refused.newBuilder().setHandle(handle).setCloseCode(code)));
    }

    private static void send(StreamObserver<HostMessage> to, HostMessage.Builder message) {
        to.onNext(message.build());
    }

    // ---- what tests do

    Session session(String id) {
        synchronized (sessions) {
            var session = sessions.byId.get(id);
            if (session == null) {
                throw new AssertionError("no such session");
            }
            return session;
        }
    }

    boolean hasSession(String id) {
        synchronized (sessions) {
            return sessions.byId.containsKey(id);
        }
    }

    /// The next event of a session, pushed if someone is attached.
    void publish(String id, String type, String data) {
        synchronized (sessions) {
            var session = session(id);
            session.events.add(new Event(type, data));
            push(session);
        }
    }

    /// Pushes what the line has had, or should not have yet.
    void pushAgain(String id, int sequence) {
        synchronized (sessions) {
            var line = lineOf(id);
            push(
                    line.to,
                    line.handle,
                    sequence,
                    session(id).events.get(Math.min(sequence, session(id).events.size()) - 1));
        }
    }

    void invalid(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            send(
                    line.to,
                    HostMessage.newBuilder().setInvalid(Invalid.newBuilder().setHandle(line.handle)));
        }
    }

    void closed(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            sessions.byId.remove(id);
            send(line.to, HostMessage.newBuilder().setClosed(Closed.newBuilder().setHandle(line.handle)));
        }
    }

    void parked(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            session(id).line = null;
            send(line.to, HostMessage.newBuilder().setParked(Parked.newBuilder().setHandle(line.handle)));
        }
    }

    void moved(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            session(id).line = null;
            send(
                    line.to,
                    HostMessage.newBuilder()
                            .setMoved(Moved.newBuilder().setShard(Integer.parseInt(id.substring(0, 4), 16))));
        }
    }

    /// A negative answer on this host's own stream, to a line that may have left it.
    void invalidTo(long handle) {
        streams.forEach(to -> send(
                to, HostMessage.newBuilder().setInvalid(Invalid.newBuilder().setHandle(handle))));
    }

    long handleOf(String id) {
        synchronized (sessions) {
            return lineOf(id).handle;
        }
    }

    /// Whether the session is pushed to from here.
    boolean serves(String id) {
        synchronized (sessions) {
            var session = sessions.byId.get(id);
            return session != null && session.line != null && session.line.host == this;
        }
    }

    private Line lineOf(String id) {
        var line = session(id).line;
        if (line == null) {
            throw new AssertionError("nobody is attached");
        }
        return line;
    }

    /// Every stream breaks; new ones are taken.
    void breakStreams() {
        synchronized (sessions) {
            for (var session : sessions.byId.values()) {
                if (session.line != null && session.line.host == this) {
                    session.line = null;
                }
            }
        }
        streams.forEach(to -> to.onError(Status.UNAVAILABLE.asRuntimeException()));
        streams.clear();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
