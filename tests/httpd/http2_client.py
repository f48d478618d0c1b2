# SPDX-License-Identifier: Apache-2.0
"""A connection that speaks HTTP/2, with as many streams at a time as a test likes."""

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
from gateway_httpd import Response


class StreamReset(Exception):
    """The server has reset the stream; the argument is its reason (RFC 9113 section 7)."""


class Stream:
    def __init__(self, body):
        self.unsent = body
        self.status = None
        self.headers = []
        self.received = b""
        self.ended = False
        self.reset = None


class Http2Connection:
    """Over a connected socket. `lenient`: sends what the protocol forbids."""

    def __init__(self, connected, lenient=False):
        self._socket = connected
        self._streams = {}
        self._pong = False
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            header_encoding="latin-1", validate_outbound_headers=not lenient, normalize_outbound_headers=not lenient
        ))
        self._h2.initiate_connection()
        self._flush()

    def request(self, body, headers, path, method="POST", authority="localhost"):
        """Begins a request and gives the number of its stream; its body goes as the windows allow."""
        number = self._h2.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "http"), (":authority", authority), (":path", path)]
        head += [(name.lower(), value) for name, value in headers]
        self._streams[number] = Stream(body)
        self._h2.send_headers(number, head)
        self._send_bodies()
        return number

    def response(self, number):
        """The response on that stream, once it is whole."""
        stream = self._streams[number]
        self.read_until(lambda: stream.ended or stream.reset is not None)
        # A server that has sent its response may reset the rest of the request: RFC 9113 section 8.1.
        if stream.reset is not None and not stream.ended:
            raise StreamReset(h2.errors.ErrorCodes(stream.reset).name)
        return Response(stream.status, stream.headers, stream.received)

    def head_has_come(self, number):
        return self._streams[number].status is not None

    def sent(self, number):
        return not self._streams[number].unsent

    def reset(self, number):
        """What a browser does when its user leaves the page."""
        self._streams[number].unsent = b""
        self._h2.reset_stream(number, h2.errors.ErrorCodes.CANCEL)
        self._flush()

    def close(self):
        self._socket.close()

    def ping(self):
        """Returns when the server has answered everything before."""
        self._pong = False
        self._h2.ping(b"12345678")
        self._flush()
        self.read_until(lambda: self._pong)

    def read_until(self, condition):
        while not condition():
            self._send_bodies()
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the server has closed the connection")
            for event in self._h2.receive_data(data):
                self._take(event)
            self._flush()

    def _take(self, event):
        stream = self._streams.get(getattr(event, "stream_id", None) or 0)
        if isinstance(event, h2.events.PingAckReceived):
            self._pong = True
        elif stream is None:
            return
        elif isinstance(event, h2.events.ResponseReceived):
            head = dict(event.headers)
            stream.status = int(head[":status"])
            stream.headers = [(name, value) for name, value in event.headers if not name.startswith(":")]
        elif isinstance(event, h2.events.DataReceived):
            stream.received += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            stream.ended = True
        elif isinstance(event, h2.events.StreamReset):
            stream.reset, stream.unsent = event.error_code, b""

    def _send_bodies(self):
        for number, stream in self._streams.items():
            while stream.unsent and stream.reset is None and not stream.ended:
                room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
                if room <= 0:
                    break
                piece, stream.unsent = stream.unsent[:room], stream.unsent[room:]
                self._h2.send_data(number, piece, end_stream=not stream.unsent)
        self._flush()

    def _flush(self):
        data = self._h2.data_to_send()
        if data:
            self._socket.sendall(data)
