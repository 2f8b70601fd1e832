package dev.guildcast.session;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.session.resume.ResumeRing;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;

/// One session: the state that results from applying its shard's log.
///
/// - **Owner:** the session's shard loop; no other thread reads or writes.
/// - **Bound:** that of the ring; guilds by what the user has joined; [#fullMemberRequests] by the guilds whose members
///   were requested within half a minute.
/// - **Promise:** sequences rise by one from 1.
public final class Session {
    private final SessionId id;
    private final Open open;
    private final ClientShard clientShard;
    private final ResumeRing ring;
    private final TreeSet<Long> subscribed = new TreeSet<>();
    private final TreeMap<Long, Long> fullMemberRequests = new TreeMap<>();
    private long[] readyGuilds = {};
    private long lastAttach;
    private long attachId;
    private long lastCommand;
    private Presence presence;
    private long presenceVersion;

    /// The session that an Open record at `id.offset()` begins.
    public Session(SessionId id, Open open, ResumeRing ring) {
        this.id = id;
        this.open = open.toBuilder().clearPresence().clearNonce().build();
        this.clientShard = clientShardOf(open);
        this.ring = ring;
        this.lastAttach = id.offset();
        this.attachId = open.getAttachId();
        this.presence = open.getPresence();
        this.presenceVersion = id.offset();
    }

    /// The client shard that an Identify names; the whole bot if it names none.
    public static ClientShard clientShardOf(Open open) {
        return open.hasShardId() ? new ClientShard(open.getShardId(), open.getShardCount()) : ClientShard.UNSHARDED;
    }

    public SessionId id() {
        return id;
    }

    /// Offset of the Open record: identifies the session within its shard.
    public long offset() {
        return id.offset();
    }

    /// What the client requested, without nonce and presence.
    public Open open() {
        return open;
    }

    public long userId() {
        return open.getUserId();
    }

    public ClientShard clientShard() {
        return clientShard;
    }

    /// Whether the session has at least one of these intents; always true when none is required.
    public boolean wantsAnyOf(long intents) {
        return intents == 0 || (open.getIntents() & intents) != 0;
    }

    /// Whether this session is sent GUILD_DELETE when its user leaves the guild.
    public boolean receivesGuildDelete(long guildId) {
        return clientShard.includes(guildId) && wantsAnyOf(Intents.GUILDS);
    }

    public ResumeRing ring() {
        return ring;
    }

    /// The last sequence assigned; 0 before READY.
    public int sequence() {
        return ring.lastSequence();
    }

    /// The guilds that READY listed, ascending; empty once READY can no longer be replayed.
    public long[] readyGuilds() {
        return ring.firstSequence() <= 1 ? readyGuilds.clone() : new long[0];
    }

    public void readyGuilds(long[] guilds) {
        readyGuilds = guilds.clone();
    }

    /// Assigns the next sequence to the record at `offset`, unless this record already has one in this session.
    ///
    /// @param horizon references below this offset are evicted
    /// @return whether a sequence was assigned
    public boolean assignSequence(long offset, long horizon) {
        if (ring.count() > 0 && ring.offset(ring.lastSequence()) == offset) {
            return false;
        }
        ring.forgetBelow(horizon);
        ring.append(ring.lastSequence() + 1, offset);
        if (ring.firstSequence() > 1 && readyGuilds.length > 0) {
            readyGuilds = new long[0];
        }
        return true;
    }

    /// Guilds that a Subscribe was sent for, ascending; kept when the user leaves, for the end of the session.
    public TreeSet<Long> subscribed() {
        return subscribed;
    }

    /// Offset of the last Open or Attached.
    public long lastAttach() {
        return lastAttach;
    }

    /// The attach id of the last Open or Attached: the connection with this id owns the session.
    public long attachId() {
        return attachId;
    }

    /// An Attached was applied. If it names another attach, commands are numbered from 1 again.
    public void attached(long newAttachId, long offset) {
        lastAttach = offset;
        if (attachId != newAttachId) {
            attachId = newAttachId;
            lastCommand = 0;
        }
    }

    /// Number of the last command accepted of the current attach.
    public long lastCommand() {
        return lastCommand;
    }

    /// Whether a command is the next of the current attach; if so, it counts as accepted.
    public boolean acceptCommand(long fromAttachId, long number) {
        if (fromAttachId != attachId || number != lastCommand + 1) {
            return false;
        }
        lastCommand = number;
        return true;
    }

    public Presence presence() {
        return presence;
    }

    /// Offset of the record that set the presence.
    public long presenceVersion() {
        return presenceVersion;
    }

    public void presence(Presence newPresence, long version) {
        presence = newPresence;
        presenceVersion = version;
    }

    /// Guild to append time (Unix milliseconds) of the last request for all its members that was accepted.
    public TreeMap<Long, Long> fullMemberRequests() {
        return fullMemberRequests;
    }

    /// Restores the attach from a checkpoint.
    public void restoreAttach(long newAttachId, long offset, long newLastCommand) {
        attachId = newAttachId;
        lastAttach = offset;
        lastCommand = newLastCommand;
    }

    @Override
    public String toString() {
        return id + " at " + ring.lastSequence() + (readyGuilds.length == 0 ? "" : " " + Arrays.toString(readyGuilds));
    }
}
