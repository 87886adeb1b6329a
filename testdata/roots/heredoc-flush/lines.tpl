start
    %{ if on ~}
    yes ${~ "x" ~}   
    %{ endif ~}
  %{~ for x in l ~}
  - ${x}
%{ endfor ~}
  $${kept} %%{kept}
