package dev.guildcast.gateway;

import dev.guildcast.gateway.FakeSessions.Event;
import dev.guildcast.gateway.FakeSessions.Line;
import dev.guildcast.gateway.FakeSessions.Session;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.link.v1.SessionHostGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A host of session shards as the contract describes it, over real gRPC. Its sessions may be shared with other hosts.
final class FakeSessionHost extends SessionHostGrpc.SessionHostImplBase implements AutoCloseable {
    private final FakeSessions sessions;
    private final List<StreamObserver<HostMessage>> streams = new CopyOnWriteArrayList<>();
    private final Server server;

    /// Answers every question with Retry.
    volatile boolean retries;
    /// Answers every question with Moved.
    volatile boolean notLive;
    /// Refuses every Open with this code.
    volatile int refuseOpen;

    FakeSessionHost(FakeSessions sessions) {
        this.sessions = sessions;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public StreamObserver<GatewayMessage> connect(StreamObserver<HostMessage> to) {
        streams.add(to);
        return new StreamObserver<>() {
            @Override
            public void onNext(GatewayMessage message) {
                synchronized (sessions) {
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
            sessions.cut(line -> line.to == to);
        }
    }

    private void hear(StreamObserver<HostMessage> to, GatewayMessage message) {
        switch (message.getMessageCase()) {
            case HELLO -> to.onNext(HostAnswers.hello());
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
            case DETACH -> sessions.detach(message.getDetach());
            case COMMAND -> command(to, message.getCommand());
            case PARK -> sessions.cut(line -> line.handle == message.getPark().getHandle());
            // It never holds a dispatch back.
            case CREDIT -> {}
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private boolean dodges(StreamObserver<HostMessage> to, long handle, int shard) {
        if (notLive) {
            to.onNext(HostAnswers.moved(shard, handle));
        } else if (retries) {
            to.onNext(HostAnswers.retry(handle));
        }
        return notLive || retries;
    }

    private void open(StreamObserver<HostMessage> to, OpenSession message) {
        if (refuseOpen != 0) {
            to.onNext(HostAnswers.refused(message.getHandle(), refuseOpen));
            return;
        }
        var session = sessions.opened(message);
        to.onNext(HostAnswers.opened(message.getHandle(), session.id));
        attachLine(to, session, message.getHandle(), message.getSeen());
    }

    private void attach(StreamObserver<HostMessage> to, Attach message) {
        var session = sessions.find(message.getSessionId());
        if (session == null || session.open.getUserId() != message.getUserId()) {
            to.onNext(HostAnswers.invalid(message.getHandle()));
            return;
        }
        if (message.getSequence() > session.events.size()) {
            sessions.end(session.id);
            to.onNext(HostAnswers.refused(message.getHandle(), 4007));
            return;
        }
        if (session.attachId != message.getAttachId()) {
            if (session.line != null) {
                session.line.to.onNext(HostAnswers.superseded(session.line.handle));
            }
            session.attachId = message.getAttachId();
            session.lastCommand = 0;
        }
        to.onNext(HostAnswers.attached(message.getHandle()));
        attachLine(to, session, message.getHandle(), message.getSequence());
        to.onNext(HostAnswers.replayDone(message.getHandle()));
    }

    private void reattach(StreamObserver<HostMessage> to, Reattach message) {
        var session = sessions.find(message.getSessionId());
        if (session == null) {
            to.onNext(HostAnswers.invalid(message.getHandle()));
        } else if (session.attachId != message.getAttachId()) {
            to.onNext(HostAnswers.superseded(message.getHandle()));
        } else {
            to.onNext(HostAnswers.attached(message.getHandle()));
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
            push(line, line.cursor, event);
        }
    }

    private static void push(Line line, int sequence, Event event) {
        line.to.onNext(HostAnswers.dispatch(line.handle, sequence, event.type(), event.data()));
    }

    private void command(StreamObserver<HostMessage> to, Command command) {
        var session = sessions.find(command.getSessionId());
        if (session == null || session.attachId != command.getAttachId()) {
            return;
        }
        if (command.getNumber() == session.lastCommand + 1) {
            session.lastCommand++;
            session.commands.add(command);
        }
        to.onNext(HostAnswers.commandAck(command.getHandle(), session.lastCommand));
    }

    // ---- what tests do

    Session session(String id) {
        synchronized (sessions) {
            var session = sessions.find(id);
            if (session == null) {
                throw new AssertionError("no such session");
            }
            return session;
        }
    }

    boolean hasSession(String id) {
        synchronized (sessions) {
            return sessions.find(id) != null;
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
            var events = session(id).events;
            push(lineOf(id), sequence, events.get(Math.min(sequence, events.size()) - 1));
        }
    }

    void invalid(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            line.to.onNext(HostAnswers.invalid(line.handle));
        }
    }

    void closed(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            sessions.end(id);
            line.to.onNext(HostAnswers.closed(line.handle));
        }
    }

    void parked(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            session(id).line = null;
            line.to.onNext(HostAnswers.parked(line.handle));
        }
    }

    void moved(String id) {
        synchronized (sessions) {
            var line = lineOf(id);
            session(id).line = null;
            line.to.onNext(HostAnswers.moved(Integer.parseInt(id.substring(0, 4), 16)));
        }
    }

    /// A negative answer on this host's own stream, to a line that may have left it.
    void invalidTo(long handle) {
        streams.forEach(to -> to.onNext(HostAnswers.invalid(handle)));
    }

    long handleOf(String id) {
        synchronized (sessions) {
            return lineOf(id).handle;
        }
    }

    /// Whether the session is pushed to from here.
    boolean serves(String id) {
        synchronized (sessions) {
            var session = sessions.find(id);
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
            sessions.cut(line -> line.host == this);
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
