# SPDX-License-Identifier: Apache-2.0
# Calls with SOAP::Lite as it comes, in its RPC style, see client_stacks.py: perl soap_lite.pl
use strict;
use warnings;
use SOAP::Lite;

my $namespace = 'urn:partner.soap.sforce.com';
my $query     = q{SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'};
my @account   = (SOAP::Data->name(type => 'Account'), SOAP::Data->name(Name => 'Smith & Sons'));
my %calls     = (
    query       => [[$query], '//result/size'],                         # by position
    getUserInfo => [[], '//result/userName'],
    create      => [[SOAP::Data->name(sObjects => \SOAP::Data->value(@account))], '//result/success'],
    logout      => [[], '//nothing'],
    delete      => [[SOAP::Data->name(ids => 'not-an-id')], '//result/success'],
);
$| = 1;
my $logged_in;
my %client;    # one for each location: it keeps its connection
while (my $line = <STDIN>) {
    chomp $line;
    my ($location, $session, $operation, $password) = split ' ', $line;
    ($location, $session) = @$logged_in{qw(serverUrl sessionId)} if $session eq '-';
    my ($parameters, $path) = @{$calls{$operation} // []};
    my @header = SOAP::Header->name(SessionHeader => {sessionId => $session})->uri($namespace);
    if (defined $password) {
        ($parameters, $path) = ([SOAP::Data->name(username => $session), SOAP::Data->name(password => $password)], '//serverUrl');
        @header = ();
    }
    $client{$location} //= SOAP::Lite->uri($namespace)->proxy($location, keep_alive => 1)->on_fault(sub { $_[1] });
    my $answer = $client{$location}->call($operation, @$parameters, @header);
    $logged_in = $answer->result if defined $password && ref $answer && !$answer->fault;
    if (!ref $answer) {
        print 'no answer: ' . $client{$location}->transport->status . "\n";
    } elsif ($answer->fault) {
        print ref($answer), ' ', $answer->faultcode, ' ', $answer->faultstring, "\n";
    } else {
        print 'ok ', $answer->valueof($path) // '', "\n";
    }
}
