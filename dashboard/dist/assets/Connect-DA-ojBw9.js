import{$ as e,G as t,I as n,J as r,L as i,O as a,P as o,Q as s,R as c,V as l,Z as u,at as d,ct as f,dt as p,et as m,j as h,pt as g,st as _,ut as v}from"./preload-helper-ZWbT6phz.js";import{c as y,f as b,i as x,j as S,n as C,o as w,t as T}from"./index-DFaKEz_0.js";import{t as E}from"./Code-CH05LM2D.js";import{t as D}from"./Tabs-DAbgXrQK.js";function O(e,i){f(i,!0);let a=new y;{let s=d(()=>a.copied?`check`:`copy`);S(e,{get icon(){return t(s)},onclick:()=>void a.copy(i.value),children:(e,t)=>{v();var s=l();r(()=>o(s,a.copied?b.parts.copied:i.label)),n(e,s)},$$slots:{default:!0}})}_()}function k(e,t){return[{key:`curl`,code:`HANAMI=${e}
TOKEN=$(curl -s "$HANAMI/control/v1/token" \\
  -d "{\\"id\\": \\"${t}\\", \\"password\\": \\"$HANAMI_PASSWORD\\"}" | jq -r .token)
curl -s "$HANAMI/control/v1/cluster/all" -H "X-Auth-Token: $TOKEN"
`},{key:`python`,code:`import os
from hanami_sdk import Hanami

hanami = Hanami("${e}", "${t}", os.environ["HANAMI_PASSWORD"])
for cluster in hanami.clusters():
    print(cluster.name)
`},{key:`go`,code:`package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"hanami.local/sdk/hanami"
)

func main() {
	ctx := context.Background()
	client, err := hanami.Connect(ctx, "${e}", "${t}", os.Getenv("HANAMI_PASSWORD"))
	if err != nil {
		log.Fatal(err)
	}
	clusters, err := client.Clusters(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, cluster := range clusters {
		fmt.Println(cluster.Name)
	}
}
`},{key:`javascript`,code:`import { Hanami } from "hanami-sdk";

const hanami = await Hanami.connect("${e}", {
  user: "${t}",
  password: process.env.HANAMI_PASSWORD,
});
for (const { name } of await hanami.clusters.list()) {
  console.log(name);
}
`},{key:`cli`,code:`export HANAMI_ADDRESS=${e}
hanamictl login --user ${t}
hanamictl cluster list
`}]}var A=c(`<p class="warning svelte-1c4a69b"> </p>`),j=c(`<div class="stack"><p class="soft words svelte-1c4a69b"> </p> <!> <div><!></div></div>`),M=c(`<!> <div class="stack"><section class="panel svelte-1c4a69b"><h2 class="soft small"> </h2> <!> <!></section> <div><!></div> <p class="soft"> <a href="/api"> </a></p></div>`,1);function N(c,y){f(y,!0);let S=b.connect,N=location.origin,P=d(()=>k(N,T.identity?.id??``)),F=d(()=>t(P).map(({key:e})=>({key:e,label:S[e].label}))),I=d(()=>t(F).find(({key:e})=>e===C.query.get(`tab`))?.key??`curl`),L=isSecureContext;var R=M(),z=s(R);x(z,{get heading(){return S.heading},children:(e,t)=>{v();var i=l();r(()=>o(i,S.above)),n(e,i)},$$slots:{default:!0}});var B=m(z,2),V=u(B),H=u(V),U=e(H,!0),W=m(H,2);w(W,{get value(){return N}});var G=m(W,2),K=t=>{var i=A(),a=e(i,!0);r(()=>o(a,S.insecure)),n(t,i)};h(G,e=>{L||e(K)}),p(V);var q=m(V,2),J=u(q);D(J,{get label(){return S.tabs},get tabs(){return t(F)},get value(){return t(I)},onchange:e=>C.keep(`tab`,e),children:(c,l=g)=>{var f=i(),h=s(f);a(h,17,()=>t(P).filter(({key:e})=>e===l()),({key:e,code:t})=>e,(i,a)=>{let s=()=>t(a).key,c=()=>t(a).code;var l=j(),f=u(l),h=e(f,!0),g=m(f,2);{let e=d(()=>S.code(S[s()].label));E(g,{get label(){return t(e)},get value(){return c()}})}var _=m(g,2);O(u(_),{get value(){return c()},get label(){return S.copyAll}}),p(_),p(l),r(()=>o(h,S[s()].words)),n(i,l)}),n(c,f)},$$slots:{default:!0}}),p(q);var Y=m(q,2),X=u(Y),Z=m(X),Q=e(Z,!0);p(Y),p(B),r(()=>{o(U,S.address),o(X,`${S.moreWords??``} `),o(Q,S.more)}),n(c,R),_()}export{N as default};